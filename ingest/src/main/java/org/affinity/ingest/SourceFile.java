/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** A file to read from, unzipped on the way if its first two bytes say gzip, whatever its name. */
final class SourceFile implements Closeable {
  private static final int BUFFER = 1 << 16;

  private final Path path;
  private final CountingStream counted;
  private final InputStream content;
  private final long length;

  private SourceFile(Path path, CountingStream counted, InputStream content, long length) {
    this.path = path;
    this.counted = counted;
    this.content = content;
    this.length = length;
  }

  static SourceFile open(Path path) throws IOException {
    long length = Files.size(path);
    boolean zipped = isZipped(path);
    CountingStream counted = new CountingStream(Files.newInputStream(path));
    try {
      InputStream content =
          new BufferedInputStream(zipped ? new GZIPInputStream(counted, BUFFER) : counted, BUFFER);
      return new SourceFile(path, counted, content, length);
    } catch (IOException e) {
      counted.close();
      throw new IOException(path + ": " + e.getMessage(), e);
    }
  }

  static boolean isZipped(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] magic = in.readNBytes(2);
      return magic.length == 2 && magic[0] == (byte) 0x1f && magic[1] == (byte) 0x8b;
    }
  }

  Path path() {
    return path;
  }

  /** The unzipped bytes, buffered. */
  InputStream content() {
    return content;
  }

  /** Bytes taken from the disk so far; runs ahead of the content by the size of a buffer. */
  long position() {
    return counted.count;
  }

  /** Bytes on disk. */
  long length() {
    return length;
  }

  @Override
  public void close() throws IOException {
    content.close();
  }

  private static final class CountingStream extends FilterInputStream {
    private long count;

    CountingStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = in.read();
      if (b >= 0) {
        count++;
      }
      return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = in.read(bytes, offset, length);
      if (n > 0) {
        count += n;
      }
      return n;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
