/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.util.Arrays;

/**
 * Vectors written into one column: numbers between spaces, commas or semicolons, in brackets or
 * not. One per reader, for one thread.
 */
final class VectorText {
  private final DecimalParser numbers = new DecimalParser();

  /**
   * The vector between two positions.
   *
   * @throws NumberFormatException if one is no number, with which
   */
  float[] parse(byte[] bytes, int start, int end) {
    int from = start;
    int to = end;
    while (from < to && isSpace(bytes[from])) {
      from++;
    }
    while (to > from && isSpace(bytes[to - 1])) {
      to--;
    }
    if (to - from >= 2 && isPair(bytes[from], bytes[to - 1])) {
      from++;
      to--;
    }
    float[] values = new float[64];
    int size = 0;
    while (true) {
      while (from < to && isSeparator(bytes[from])) {
        from++;
      }
      if (from == to) {
        return Arrays.copyOf(values, size);
      }
      int next = from;
      while (next < to && !isSeparator(bytes[next])) {
        next++;
      }
      if (size == values.length) {
        if (size >= Shape.LARGEST_DIMENSION) {
          throw new NumberFormatException("more than " + Shape.LARGEST_DIMENSION + " numbers");
        }
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size] = number(bytes, from, next, size);
      size++;
      from = next;
    }
  }

  /** One number in a column of its own. */
  float number(byte[] bytes, int start, int end, int position) {
    int from = start;
    int to = end;
    while (from < to && isSpace(bytes[from])) {
      from++;
    }
    while (to > from && isSpace(bytes[to - 1])) {
      to--;
    }
    try {
      return numbers.parse(bytes, from, to);
    } catch (NumberFormatException e) {
      String text =
          new String(bytes, from, Math.min(to - from, 40), java.nio.charset.StandardCharsets.UTF_8);
      String what = text.isEmpty() ? " is empty" : " is not a number: '" + text + "'";
      throw (NumberFormatException)
          new NumberFormatException("vector[" + position + "]" + what).initCause(e);
    }
  }

  /** How many numbers stand there; 0 if anything else does. */
  int count(byte[] bytes, int start, int end) {
    try {
      return parse(bytes, start, end).length;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static boolean isPair(byte open, byte close) {
    return (open == '[' && close == ']')
        || (open == '(' && close == ')')
        || (open == '{' && close == '}');
  }

  private static boolean isSeparator(byte b) {
    return b == ',' || b == ';' || isSpace(b);
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }
}
