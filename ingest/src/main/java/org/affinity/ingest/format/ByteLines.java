/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

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
  private final byte[] buffer = new byte[1 << 16];
  private int from;
  private int to;
  private long read;
  private long start;
  private byte[] line = new byte[1 << 10];
  private int length;
  private boolean tooLong;
  private boolean ended;
  private boolean first = true;

  ByteLines(InputStream in, int limit) {
    this.in = in;
    this.limit = limit;
  }

  /** Moves to the next line; false at the end. An end of line at the end opens no further line. */
  boolean advance() throws IOException {
    length = 0;
    tooLong = false;
    start = read - (to - from);
    if (from == to && !fill()) {
      return false;
    }
    ended = takeUntilLineEnd();
    while (!ended && fill()) {
      ended = takeUntilLineEnd();
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

  /** False for a last line that the file ends without a line feed. */
  boolean ended() {
    return ended;
  }

  /** The line's bytes from 0 to {@link #length()}; valid until the next {@link #advance()}. */
  byte[] bytes() {
    return line;
  }

  int length() {
    return length;
  }

  /** How many bytes stand before the line. */
  long start() {
    return start;
  }

  boolean isBlank() {
    for (int i = 0; i < length; i++) {
      if (line[i] != ' ' && line[i] != '\t') {
        return false;
      }
    }
    return !tooLong;
  }

  private boolean fill() throws IOException {
    int n = in.read(buffer, 0, buffer.length);
    from = 0;
    to = Math.max(0, n);
    read += to;
    return n > 0;
  }

  private boolean takeUntilLineEnd() {
    int end = from;
    while (end < to && buffer[end] != '\n') {
      end++;
    }
    append(end - from);
    boolean found = end < to;
    from = found ? end + 1 : end;
    return found;
  }

  private void append(int size) {
    int room = Math.min(size, limit - length);
    tooLong |= room < size;
    if (length + room > line.length) {
      line = Arrays.copyOf(line, Math.min(limit, Math.max(length + room, 2 * line.length)));
    }
    System.arraycopy(buffer, from, line, length, room);
    length += room;
  }

  private void dropByteOrderMark() {
    if (length >= 3 && line[0] == (byte) 0xef && line[1] == (byte) 0xbb && line[2] == (byte) 0xbf) {
      length -= 3;
      System.arraycopy(line, 3, line, 0, length);
    }
  }
}
