/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Lines of bytes, ended by LF or CR LF, with an upper limit on what one line may keep in memory. A
 * byte order mark at the start is dropped.
 */
final class ByteLines {
  private final InputStream in;
  private final int limit;
  private byte[] line = new byte[1 << 10];
  private int length;
  private boolean tooLong;
  private boolean first = true;

  ByteLines(InputStream in, int limit) {
    this.in = in;
    this.limit = limit;
  }

  /** Moves to the next line; false at the end. An end of line at the end opens no further line. */
  boolean advance() throws IOException {
    length = 0;
    tooLong = false;
    int b = in.read();
    if (b < 0) {
      return false;
    }
    for (; b >= 0 && b != '\n'; b = in.read()) {
      append((byte) b);
    }
    if (length > 0 && line[length - 1] == '\r') {
      length--;
    }
    if (first) {
      first = false;
      dropByteOrderMark();
    }
    return true;
  }

  /** True if the line was longer than the limit; its bytes are then not all there. */
  boolean tooLong() {
    return tooLong;
  }

  /** The line's bytes from 0 to {@link #length()}; valid until the next {@link #advance()}. */
  byte[] bytes() {
    return line;
  }

  int length() {
    return length;
  }

  boolean isBlank() {
    for (int i = 0; i < length; i++) {
      if (line[i] != ' ' && line[i] != '\t') {
        return false;
      }
    }
    return !tooLong;
  }

  private void append(byte b) {
    if (length == limit) {
      tooLong = true;
      return;
    }
    if (length == line.length) {
      line = Arrays.copyOf(line, Math.min(limit, 2 * length));
    }
    line[length++] = b;
  }

  private void dropByteOrderMark() {
    if (length >= 3 && line[0] == (byte) 0xef && line[1] == (byte) 0xbb && line[2] == (byte) 0xbf) {
      length -= 3;
      System.arraycopy(line, 3, line, 0, length);
    }
  }
}
