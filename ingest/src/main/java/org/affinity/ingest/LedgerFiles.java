/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a load writes what it must remember.
 *
 * @param state how far it has come
 * @param rejects the rows that were rejected, with reasons
 */
public record LedgerFiles(Path state, Path rejects) {
  /**
   * Refuses names under which the load would write over what it reads, over one of its own files,
   * or over what is no file, such as a device. Nothing is written.
   *
   * @param sources the files that are loaded
   * @throws IOException if two are the same file, with which
   */
  public void requireApart(List<Path> sources) throws IOException {
    requireApart(sources, Map.of());
  }

  /**
   * The same with more files that are written.
   *
   * @param sources the files that are loaded
   * @param more other files to write, by what they are called
   * @throws IOException if two are the same file, with which, or a folder is missing
   */
  public void requireApart(List<Path> sources, Map<String, Path> more) throws IOException {
    Map<String, Path> written = new LinkedHashMap<>(more);
    written.put("the state file", state);
    written.put("the state file's next version", Checkpoint.next(state));
    written.put("the rejects file", rejects);
    Map<String, Path> seen = new LinkedHashMap<>();
    for (Map.Entry<String, Path> each : written.entrySet()) {
      Path path = each.getValue();
      for (Path source : sources) {
        requireOther(path, each.getKey(), source, "a file to load");
      }
      for (Map.Entry<String, Path> other : seen.entrySet()) {
        requireOther(path, each.getKey(), other.getValue(), other.getKey());
      }
      Path folder = path.toAbsolutePath().getParent();
      if (folder != null && !Files.isDirectory(folder)) {
        throw new LoadException(
            "there is no folder %s for %s; nothing was loaded".formatted(folder, each.getKey()));
      }
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        throw new LoadException(
            "%s cannot be %s: it is no regular file; nothing was loaded"
                .formatted(path, each.getKey()));
      }
      seen.put(each.getKey(), path);
    }
  }

  private static void requireOther(Path path, String role, Path other, String otherRole)
      throws IOException {
    if (isSame(path, other)) {
      throw new LoadException(
          "%s cannot be both %s and %s; nothing was loaded".formatted(path, otherRole, role));
    }
  }

  private static boolean isSame(Path one, Path other) throws IOException {
    if (Files.exists(one) && Files.exists(other)) {
      return Files.isSameFile(one, other);
    }
    return located(one).equals(located(other));
  }

  /** The place of a file that need not be there, whichever way its folder was named. */
  private static Path located(Path path) throws IOException {
    Path absolute = path.toAbsolutePath();
    Path folder = absolute.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return absolute.normalize();
    }
    return folder.toRealPath().resolve(absolute.getFileName()).normalize();
  }
}
