/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Records of RFC 4180 and its kin, as bytes: columns between a delimiter, quoted where they hold it
 * or a line feed. Blank lines are passed over. With a space as delimiter, several count as one.
 *
 * <p>A record that is broken has a {@link #fault()} and costs itself. A quote that is never closed
 * is an error instead, because it would swallow all rows after it.
 */
final class CsvRecords {
  private static final int LONGEST_RECORD = 16 << 20;
  private static final int MOST_COLUMNS = Shape.LARGEST_DIMENSION + (1 << 10);

  private final InputStream in;
  private final byte delimiter;
  private final byte[] buffer = new byte[1 << 16];
  private int from;
  private int to;
  private byte[] bytes = new byte[1 << 12];
  private int length;
  private int[] ends = new int[64];
  private int size;
  private String fault;
  private long line = 1;
  private long firstLine;

  CsvRecords(InputStream in, byte delimiter) throws IOException {
    this.in = in;
    this.delimiter = delimiter;
    skipByteOrderMark();
  }

  private void skipByteOrderMark() throws IOException {
    to = in.readNBytes(buffer, 0, 3);
    if (to == 3
        && buffer[0] == (byte) 0xef
        && buffer[1] == (byte) 0xbb
        && buffer[2] == (byte) 0xbf) {
      from = 3;
    }
  }

  /** Moves to the next record; false at the end. */
  boolean advance() throws IOException {
    do {
      length = 0;
      size = 0;
      fault = null;
      firstLine = line;
      if (!readRecord()) {
        return false;
      }
    } while (isBlank());
    return true;
  }

  private boolean isBlank() {
    for (int i = 0; i < length; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t') {
        return false;
      }
    }
    return size <= 1;
  }

  private boolean readRecord() throws IOException {
    int b = read();
    if (b < 0) {
      return false;
    }
    while (true) {
      if (b == '"') {
        readQuoted();
        b = afterQuote();
      }
      while (b >= 0 && b != '\n' && b != delimiter) {
        append(b);
        b = read();
      }
      if (b < 0 || b == '\n') {
        dropCarriageReturn();
        endColumn();
        line++;
        return true;
      }
      endColumn();
      b = read();
    }
  }

  private void readQuoted() throws IOException {
    long opened = line;
    while (true) {
      int b = read();
      if (b == '"') {
        if (peek() != '"') {
          return;
        }
        read();
      }
      if (b < 0 || length >= LONGEST_RECORD) {
        throw new IOException(
            "line %,d: a quote is opened and %s"
                .formatted(
                    opened,
                    b < 0
                        ? "never closed"
                        : "not closed within " + (LONGEST_RECORD >> 20) + " MiB"));
      }
      if (b == '\n') {
        line++;
      }
      append(b);
    }
  }

  /** What follows a closing quote, which should be the end of the column. */
  private int afterQuote() throws IOException {
    int b = read();
    while (b == ' ' && delimiter != ' ') {
      b = read();
    }
    if (b >= 0 && b != delimiter && b != '\n' && b != '\r') {
      fail("text after the closing quote of column " + (size + 1));
    }
    return b;
  }

  private void append(int b) {
    if (length == LONGEST_RECORD) {
      fail("longer than " + LONGEST_RECORD + " bytes");
      return;
    }
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.min(LONGEST_RECORD, 2 * length));
    }
    bytes[length++] = (byte) b;
  }

  private void dropCarriageReturn() {
    if (length > start(size) && bytes[length - 1] == '\r') {
      length--;
    }
  }

  private void endColumn() {
    if (delimiter == ' ' && length == start(size)) {
      return;
    }
    if (size == MOST_COLUMNS) {
      fail("more than " + MOST_COLUMNS + " columns");
      return;
    }
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, 2 * size);
    }
    ends[size++] = length;
  }

  private void fail(String reason) {
    if (fault == null) {
      fault = reason;
    }
  }

  private int read() throws IOException {
    int b = peek();
    from += b < 0 ? 0 : 1;
    return b;
  }

  private int peek() throws IOException {
    if (from == to) {
      from = 0;
      to = Math.max(0, in.read(buffer, 0, buffer.length));
      if (to == 0) {
        return -1;
      }
    }
    return buffer[from] & 0xff;
  }

  /** How many columns there are. */
  int size() {
    return size;
  }

  /** The columns' bytes, without quotes; valid until the next {@link #advance()}. */
  byte[] bytes() {
    return bytes;
  }

  int start(int column) {
    return column == 0 ? 0 : ends[column - 1];
  }

  int end(int column) {
    return ends[column];
  }

  /** What is wrong with the record, or null. */
  String fault() {
    return fault;
  }

  /** The line in which the record starts, from 1. */
  long line() {
    return firstLine;
  }
}
