/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file to read from, unpacked on the way if its first bytes say gzip or zstd, whatever its name.
 */
final class SourceFile implements Closeable {
  private static final int BUFFER = 1 << 16;

  private final Path path;
  private final Packing packing;
  private final CountingStream counted;
  private final InputStream content;
  private final long length;

  private SourceFile(
      Path path, Packing packing, CountingStream counted, InputStream content, long length) {
    this.path = path;
    this.packing = packing;
    this.counted = counted;
    this.content = content;
    this.length = length;
  }

  static SourceFile open(Path path) throws IOException {
    long length = Files.size(path);
    Packing packing = packing(path);
    CountingStream counted = new CountingStream(Files.newInputStream(path));
    try {
      InputStream content = new BufferedInputStream(counted, BUFFER);
      if (packing != Packing.NONE) {
        content = new BufferedInputStream(unpack(packing, counted), BUFFER);
      }
      return new SourceFile(path, packing, counted, content, length);
    } catch (IOException e) {
      counted.close();
      throw broken(path, e);
    }
  }

  private static InputStream unpack(Packing packing, CountingStream counted) throws IOException {
    return new ExpansionLimit(
        packing.unpack(new BufferedInputStream(counted, BUFFER)), counted::count);
  }

  private static Packing packing(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return Packing.of(in.readNBytes(Packing.MAGIC_BYTES));
    }
  }

  /** The first bytes, unpacked: fewer than asked for only where the file has no more. */
  static byte[] head(Path path, int size) throws IOException {
    try (SourceFile source = open(path)) {
      return source.content().readNBytes(size);
    } catch (IOException e) {
      throw broken(path, e);
    }
  }

  private static IOException broken(Path path, IOException e) {
    if (e.getMessage() != null && e.getMessage().startsWith(path.toString())) {
      return e;
    }
    String why = e instanceof EOFException ? "the file is cut short" : e.getMessage();
    return new IOException(path + ": " + why, e);
  }

  Path path() {
    return path;
  }

  boolean isPacked() {
    return packing != Packing.NONE;
  }

  /** The unpacked bytes, buffered. */
  InputStream content() {
    return content;
  }

  /** Bytes taken from the disk so far; runs ahead of the content by the size of a buffer. */
  long position() {
    return counted.count();
  }

  /** Bytes on disk. */
  long length() {
    return length;
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}
