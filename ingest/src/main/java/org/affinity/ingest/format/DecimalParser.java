/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import com.fasterxml.jackson.core.io.NumberInput;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads decimal numbers from bytes of text, rounded correctly to float32. NaN and infinity are read
 * as such, in the spellings of Java, C and Python. One per reader, for one thread.
 */
final class DecimalParser {
  private static final int LONGEST = 1_100; // as long as a double's exact digits get

  private final char[] chars = new char[LONGEST];

  /**
   * The number between two positions.
   *
   * @throws NumberFormatException if it is none
   */
  float parse(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length == 0 || length > LONGEST) {
      throw new NumberFormatException();
    }
    for (int i = 0; i < length; i++) {
      byte b = bytes[from + i];
      if ((b < '0' || b > '9') && b != '.' && b != '-' && b != '+' && b != 'e' && b != 'E') {
        return special(new String(bytes, from, length, StandardCharsets.ISO_8859_1));
      }
      chars[i] = (char) b;
    }
    return NumberInput.parseFloat(chars, 0, length, true);
  }

  boolean isNumber(byte[] bytes, int from, int to) {
    try {
      parse(bytes, from, to);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static float special(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nan", "+nan", "-nan" -> Float.NaN;
      case "inf", "+inf", "infinity", "+infinity" -> Float.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Float.NEGATIVE_INFINITY;
      default -> throw new NumberFormatException();
    };
  }
}
