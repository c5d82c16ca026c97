/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the vector files of a segment hold, by extension: Lucene's and ours. */
final class FileKind {

  static final String RAW = "raw";
  static final String CODES = "codes";
  static final String GRAPH = "graph";
  static final String LISTS = "lists";

  /** Not a file: the heap that quantizers hold. */
  static final String CODEBOOK = "codebook";

  private FileKind() {}

  /** Bytes by kind instead of extension; an extension that is not known here stands for itself. */
  static Tally byKind(Map<String, Long> byExtension) {
    SortedMap<String, Long> bytes = new TreeMap<>();
    byExtension.forEach(
        (extension, length) -> {
          if (length > 0) {
            bytes.merge(of(extension), length, Long::sum);
          }
        });
    return new Tally(bytes);
  }

  private static String of(String extension) {
    return switch (extension) {
      case "vec" -> RAW;
      case "pqc", "veq", "veb" -> CODES;
      case "vex" -> GRAPH;
      case "ivl" -> LISTS;
      default -> extension;
    };
  }

  /** What a search of a segment with these files goes through first. */
  static String searched(Tally bytes) {
    for (String kind : new String[] {LISTS, GRAPH, CODES}) {
      if (bytes.counts().containsKey(kind)) {
        return kind;
      }
    }
    return RAW;
  }
}
