/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The start of a file, unpacked, for telling its format.
 *
 * @param bytes up to 1 MiB; empty for what is no file
 * @param whole true if this is all there is
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record Sample(byte[] bytes, boolean whole) {
  private static final int SIZE = 1 << 20;
  private static final int LINES = 100;

  static Sample of(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      return new Sample(new byte[0], true);
    }
    byte[] bytes = SourceFile.head(path, SIZE + 1);
    return new Sample(bytes, bytes.length <= SIZE);
  }

  boolean startsWith(byte... magic) {
    return java.util.Arrays.mismatch(bytes, magic) == magic.length
        || java.util.Arrays.equals(bytes, magic);
  }

  /** True if an int32 in the range of dimensions comes first, and at least one more byte. */
  boolean startsRow() {
    return bytes.length > Integer.BYTES && isDimension(intAt(0));
  }

  /** True if all of it is rows of one dimension and elements of a size, the last maybe cut. */
  boolean hasRows(int elementBytes) {
    if (!startsRow()) {
      return false;
    }
    int dimension = intAt(0);
    long row = Integer.BYTES + (long) dimension * elementBytes;
    long at = 0;
    while (at + Integer.BYTES <= bytes.length) {
      if (intAt((int) at) != dimension) {
        return false;
      }
      at += row;
    }
    return whole ? at == bytes.length : at > 0;
  }

  private int intAt(int offset) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(offset);
  }

  private static boolean isDimension(int n) {
    return n >= 1 && n <= Shape.LARGEST_DIMENSION;
  }

  /** True if no byte is a control character but tab, line feed, form feed or carriage return. */
  boolean isText() {
    for (byte b : bytes) {
      if (b >= 0 && b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f') {
        return false;
      }
    }
    return bytes.length > 0;
  }

  /** Lines that are not blank, at most a hundred; the last is left out where it may be cut. */
  List<String> lines() {
    int from = startsWith((byte) 0xef, (byte) 0xbb, (byte) 0xbf) ? 3 : 0;
    String text = new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    int end = whole ? text.length() : text.lastIndexOf('\n') + 1;
    return text.substring(0, end).lines().filter(line -> !line.isBlank()).limit(LINES).toList();
  }
}
