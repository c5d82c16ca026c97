/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * The bytes of one column chunk, from a buffer of its own, so that columns are read side by side.
 */
final class ChunkStream extends InputStream {
  private static final int BUFFER = 1 << 16;

  private final ParquetFile file;
  private final ByteBuffer buffer;
  private final long end;
  private long position;

  ChunkStream(ParquetFile file, long start, long length) {
    this.file = file;
    this.position = start;
    this.end = start + length;
    this.buffer = ByteBuffer.allocate((int) Math.min(BUFFER, Math.max(1, length))).limit(0);
  }

  @Override
  public int read() throws IOException {
    return buffer.hasRemaining() || fill() ? buffer.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!buffer.hasRemaining() && !fill()) {
      return -1;
    }
    int n = Math.min(length, buffer.remaining());
    buffer.get(bytes, offset, n);
    return n;
  }

  /** Bytes that are left of the chunk. */
  long remaining() {
    return buffer.remaining() + (end - position);
  }

  /** Exactly so many bytes, past the buffer where they are more than it holds. */
  byte[] take(int length) throws IOException {
    if (length > remaining()) {
      throw new EOFException("a page reaches beyond its column chunk");
    }
    byte[] bytes = new byte[length];
    int buffered = Math.min(length, buffer.remaining());
    buffer.get(bytes, 0, buffered);
    ByteBuffer rest = ByteBuffer.wrap(bytes, buffered, length - buffered);
    while (rest.hasRemaining()) {
      position += read(rest);
    }
    return bytes;
  }

  private boolean fill() throws IOException {
    if (position >= end) {
      return false;
    }
    buffer.clear().limit((int) Math.min(buffer.capacity(), end - position));
    position += read(buffer);
    buffer.flip();
    return true;
  }

  private int read(ByteBuffer into) throws IOException {
    int n = file.read(into, position);
    if (n < 0) {
      throw new EOFException("the file has become shorter");
    }
    return n;
  }
}
