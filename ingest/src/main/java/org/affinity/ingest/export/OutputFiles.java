/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.export;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.affinity.ingest.LoadException;

/**
 * Files that are written under other names, ending in {@code .part}, and take their own at the end:
 * whoever sees them sees them whole. What was made and is not committed is deleted on close.
 */
public final class OutputFiles implements Closeable {
  private final List<Path> files;
  private final boolean replace;
  private final List<Path> made = new ArrayList<>();
  private boolean committed;

  private OutputFiles(List<Path> files, boolean replace) {
    this.files = files;
    this.replace = replace;
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
      requireFree(part(file), replace);
      files.add(file);
    }
    return new OutputFiles(List.copyOf(files), replace);
  }

  /** A link is no part of ours, whatever it leads to. */
  private static void requireFree(Path part, boolean replace) throws LoadException {
    if (!Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS)) {
      throw new LoadException(part + " is no regular file and cannot be written");
    }
    if (!replace) {
      throw new LoadException(
          part + " is there already, of another export or not of one; --force replaces it");
    }
  }

  /**
   * Where to write, one for each suffix; made, empty, when they are first asked for.
   *
   * @throws IOException if one is there that may not be replaced
   */
  public List<Path> parts() throws IOException {
    if (made.isEmpty()) {
      for (Path file : files) {
        Path part = part(file);
        requireFree(part, replace);
        if (replace) {
          Files.deleteIfExists(part);
        }
        Files.createFile(part);
        made.add(part);
      }
    }
    return List.copyOf(made);
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
      for (Path part : made) {
        Files.deleteIfExists(part);
      }
    }
  }
}
