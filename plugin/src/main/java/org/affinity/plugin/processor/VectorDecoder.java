/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.affinity.plugin.vector.VectorContent;

/**
 * Reads what producers write for a vector: an array of numbers, base64 of little-endian float32 or
 * float16, or text with numbers between commas or blanks, in brackets or not. Text with a comma, a
 * blank, a bracket, a point or a minus sign holds numbers: base64 knows none of these.
 */
final class VectorDecoder {

  /** How base64 is to be read. */
  enum Encoding {
    /** By the length and the dimension. */
    AUTO,
    FLOAT32,
    FLOAT16;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Pattern NUMBERS = Pattern.compile("[\\s,.\\[\\]-]");
  private static final Pattern SEPARATOR = Pattern.compile("\\s*,\\s*|\\s+");

  /** Longest text of a vector: so many characters a number are enough for any float64. */
  private static final int MAX_TEXT = 32 * ProcessorConfig.MAX_DIMENSION;

  private final Encoding encoding;

  VectorDecoder(Encoding encoding) {
    this.encoding = encoding;
  }

  /**
   * Returns the vector, of that dimension if it is known.
   *
   * @param what where the value stands, for messages
   * @throws IllegalArgumentException if it is none
   */
  float[] decode(Object value, OptionalInt dimension, String what) {
    float[] vector =
        value instanceof String text
            ? decodeText(text.strip(), dimension, what)
            : decodeArray(value, what);
    int length = vector.length;
    if (dimension.isPresent() && length != dimension.getAsInt()) {
      throw new IllegalArgumentException(
          what
              + " has ["
              + length
              + "] values, [dimension: "
              + dimension.getAsInt()
              + "] is needed");
    }
    if (length < 1 || length > ProcessorConfig.MAX_DIMENSION) {
      throw new IllegalArgumentException(
          what
              + " has ["
              + length
              + "] values, a vector has between 1 and "
              + ProcessorConfig.MAX_DIMENSION);
    }
    VectorContent.requireFinite(vector, what);
    return vector;
  }

  private static float[] decodeArray(Object value, String what) {
    if (!(value instanceof List<?>)) {
      throw new IllegalArgumentException(
          what
              + " is ["
              + Shortened.of(value)
              + "]; give an array of numbers, base64 of little-endian float32 or float16, or text"
              + " of numbers between commas or blanks");
    }
    return VectorContent.fromSource(value, what);
  }

  private float[] decodeText(String text, OptionalInt dimension, String what) {
    if (text.length() > MAX_TEXT) {
      throw new IllegalArgumentException(
          what + " has [" + text.length() + "] characters, too long for a vector");
    }
    return NUMBERS.matcher(text).find() ? numbers(text, what) : base64(text, dimension, what);
  }

  private static float[] numbers(String text, String what) {
    boolean bracketed = text.startsWith("[") && text.endsWith("]");
    String inner = bracketed ? text.substring(1, text.length() - 1).strip() : text;
    String[] parts = SEPARATOR.split(inner, -1);
    float[] vector = new float[parts.length];
    for (int i = 0; i < parts.length; i++) {
      try {
        vector[i] = Float.parseFloat(parts[i]);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            what
                + " holds ["
                + Shortened.of(parts[i])
                + "] at position ["
                + i
                + "], which is not a number; give numbers between commas or blanks, or base64",
            e);
      }
    }
    return vector;
  }

  private float[] base64(String text, OptionalInt dimension, String what) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          what
              + " is neither text of numbers nor valid base64 ("
              + e.getMessage()
              + "); give an array of numbers or base64 of little-endian float32 or float16",
          e);
    }
    Encoding read = encoding == Encoding.AUTO ? tell(bytes.length, dimension, what) : encoding;
    int size = read == Encoding.FLOAT32 ? Float.BYTES : Short.BYTES;
    if (bytes.length % size != 0) {
      throw new IllegalArgumentException(
          what
              + " is base64 of ["
              + bytes.length
              + "] bytes, not a multiple of "
              + size
              + " as "
              + read
              + " needs");
    }
    float[] vector = new float[bytes.length / size];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (read == Encoding.FLOAT32) {
      buffer.asFloatBuffer().get(vector);
    } else {
      ShortBuffer halves = buffer.asShortBuffer();
      for (int i = 0; i < vector.length; i++) {
        vector[i] = Float.float16ToFloat(halves.get(i));
      }
    }
    return vector;
  }

  private static Encoding tell(int bytes, OptionalInt dimension, String what) {
    if (dimension.isEmpty()) {
      throw new IllegalArgumentException(
          what
              + " is base64 of ["
              + bytes
              + "] bytes, and without a dimension float32 and float16 cannot be told apart; set"
              + " [dimension] or [encoding], or map the target field as [embedding]");
    }
    int count = dimension.getAsInt();
    if (bytes == Float.BYTES * count) {
      return Encoding.FLOAT32;
    }
    if (bytes == Short.BYTES * count) {
      return Encoding.FLOAT16;
    }
    throw new IllegalArgumentException(
        what
            + " is base64 of ["
            + bytes
            + "] bytes; [dimension: "
            + count
            + "] needs ["
            + Float.BYTES * count
            + "] as float32 or ["
            + Short.BYTES * count
            + "] as float16");
  }
}
