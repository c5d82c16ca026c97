/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The files of a data set: one file, or the parts in a folder. */
final class PartFiles {
  private static final int MOST = 100_000;

  private PartFiles() {}

  /**
   * Lists parts in the order of their names. Names that begin with a dot or an underscore are left
   * out, as Spark and Hive do: {@code _SUCCESS}, {@code _metadata}, checksums.
   *
   * @throws IOException if there is none, or if the folder holds folders
   */
  static List<Path> of(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    List<Path> parts = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path, PartFiles::isShown)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry)) {
          throw new IOException(
              "%s holds the folder %s; give a folder of part files only"
                  .formatted(path, entry.getFileName()));
        }
        if (parts.size() == MOST) {
          throw new IOException("%s holds more than %,d files".formatted(path, MOST));
        }
        parts.add(entry);
      }
    }
    if (parts.isEmpty()) {
      throw new IOException(path + " holds no part files");
    }
    parts.sort(Comparator.comparing(part -> part.getFileName().toString()));
    return List.copyOf(parts);
  }

  private static boolean isShown(Path entry) {
    String name = entry.getFileName().toString();
    return !name.startsWith("_") && !name.startsWith(".");
  }
}
