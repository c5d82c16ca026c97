/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.util.Map;
import java.util.Set;

/** What the bytes of a file are for, by its extension. */
final class FileKind {

  static final String RAW = "raw";

  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("vec", RAW),
          Map.entry("vex", "graph"),
          Map.entry("veq", "codes"),
          Map.entry("veb", "codes"),
          Map.entry("pqc", "codes"),
          Map.entry("pqb", "codebook"),
          Map.entry("ivl", "lists with codes"),
          Map.entry("ivx", "centroids"),
          Map.entry("ivq", "codebook"));

  /** Postings, doc values, norms, points, stored fields and what holds an index together. */
  private static final Set<String> OTHERS =
      Set.of(
          "si", "fnm", "fdt", "fdx", "fdm", "dvd", "dvm", "dvs", "doc", "pos", "pay", "psm", "tim",
          "tip", "tmd", "tis", "tii", "nvd", "nvm", "kdd", "kdi", "kdm", "tvd", "tvx", "tvm", "liv",
          "cfs", "cfe", "lock");

  private FileKind() {}

  /**
   * The kind; null if the file has nothing to do with vectors. A file of vectors that is not known
   * here counts under its own extension, so that no byte gets lost.
   */
  static String of(String file) {
    int dot = file.lastIndexOf('.');
    String extension = dot < 0 ? "" : file.substring(dot + 1);
    if (extension.isEmpty() || OTHERS.contains(extension)) {
      return null;
    }
    return KINDS.getOrDefault(extension, extension);
  }
}
