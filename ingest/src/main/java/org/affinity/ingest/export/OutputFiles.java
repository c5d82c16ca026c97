/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.export;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.affinity.ingest.LoadException;

/**
 * Files that are written under other names, ending in {@code .part}, and take their own at the end:
 * whoever sees them sees them whole. What is not committed is deleted on close.
 */
public final class OutputFiles implements Closeable {
  private final List<Path> files;
  private boolean committed;

  private OutputFiles(List<Path> files) {
    this.files = files;
  }

  /**
   * Checks that files can be written; nothing is made yet.
   *
   * @param out the first file
   * @param suffixes what to add to its name for each of the files; the first is empty
   * @param replace whether files that are there may be replaced
   * @throws IOException if one is there, is no file, or its folder is missing
   */
  public static OutputFiles plan(Path out, List<String> suffixes, boolean replace)
      throws IOException {
    Path folder = out.toAbsolutePath().getParent();
    if (folder == null || out.getFileName() == null) {
      throw new LoadException(out + " is no name of a file");
    }
    if (!Files.isDirectory(folder)) {
      throw new LoadException("there is no folder " + folder + " to write " + out + " into");
    }
    List<Path> files = new ArrayList<>();
    for (String suffix : suffixes) {
      Path file = out.resolveSibling(out.getFileName() + suffix);
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw new LoadException(file + " is no regular file and cannot be written");
      }
      if (Files.exists(file) && !replace) {
        throw new LoadException(file + " is there already; --force replaces it");
      }
      files.add(file);
    }
    return new OutputFiles(List.copyOf(files));
  }

  /** Where to write, one for each suffix. */
  public List<Path> parts() {
    return files.stream().map(OutputFiles::part).toList();
  }

  private static Path part(Path file) {
    return file.resolveSibling(file.getFileName() + ".part");
  }

  /**
   * Refuses to begin what will not fit.
   *
   * @param bytes a lower bound of what will be written
   */
  public void requireRoom(long bytes) throws IOException {
    Path folder = files.getFirst().toAbsolutePath().getParent();
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free < bytes) {
      throw new LoadException(
          "%s needs at least %,d bytes, but %,d are free in %s; nothing was written"
              .formatted(files.getFirst().getFileName(), bytes, free, folder));
    }
  }

  /** Gives complete files their names, the first of them last. */
  public void commit() throws IOException {
    for (Path file : files.reversed()) {
      Path part = part(file);
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
    committed = true;
  }

  @Override
  public void close() throws IOException {
    if (!committed) {
      for (Path part : parts()) {
        Files.deleteIfExists(part);
      }
    }
  }
}
