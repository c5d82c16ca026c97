/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.vector;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.affinity.ann.search.VectorSpace;
import org.affinity.quantization.VectorMath;
import org.opensearch.core.xcontent.XContentParser;

/**
 * Vectors as JSON gives them: an array of numbers, or base64 of little-endian float32. Messages
 * start with a description of where the vector stood.
 */
public final class VectorContent {

  /** Keeps every product and every squared distance of two vectors finite in float32. */
  private static final double MAX_SQUARED_NORM = Float.MAX_VALUE / 4;

  private VectorContent() {}

  /**
   * Reads the value the parser stands on, to its end even when it is malformed.
   *
   * @throws IllegalArgumentException for a value that is neither form, or holds something that is
   *     not a finite float32
   */
  public static float[] parse(XContentParser parser, String what) throws IOException {
    XContentParser.Token token = parser.currentToken();
    if (token == XContentParser.Token.START_ARRAY) {
      return parseArray(parser, what);
    }
    if (token == XContentParser.Token.VALUE_STRING) {
      return decode(parser.text(), what);
    }
    Object value = token.isValue() ? parser.objectText() : token;
    parser.skipChildren();
    throw notAVector(what, value);
  }

  /**
   * Converts what a document's parsed source holds.
   *
   * @throws IllegalArgumentException as {@link #parse}
   */
  public static float[] fromSource(Object value, String what) {
    if (value instanceof String text) {
      return decode(text, what);
    }
    if (!(value instanceof List<?> list)) {
      throw notAVector(what, value);
    }
    float[] vector = new float[list.size()];
    for (int i = 0; i < vector.length; i++) {
      if (!(list.get(i) instanceof Number number)) {
        throw notANumber(what, list.get(i), i);
      }
      vector[i] = number.floatValue();
    }
    requireFinite(vector, what);
    return vector;
  }

  /** Refuses a vector of another dimension, and one that the space cannot compare in float32. */
  public static void check(float[] vector, int dimension, VectorSpace space, String what) {
    if (vector.length != dimension) {
      throw new IllegalArgumentException(
          what
              + " has ["
              + vector.length
              + "] values, the mapping says [dimension: "
              + dimension
              + "]");
    }
    double squaredNorm = VectorMath.squaredNorm(vector);
    if (!(squaredNorm <= MAX_SQUARED_NORM)) {
      requireFinite(vector, what);
      throw new IllegalArgumentException(
          what
              + " has length ["
              + Math.sqrt(squaredNorm)
              + "], too large to compare in float32; scale it to at most ["
              + Math.sqrt(MAX_SQUARED_NORM)
              + "]");
    }
    if (space == VectorSpace.COSINE && squaredNorm < Float.MIN_NORMAL) {
      throw new IllegalArgumentException(
          what
              + (squaredNorm == 0
                  ? " is a zero vector: it has no direction for [space_type: cosinesimil] to"
                      + " compare; leave it out"
                  : " has length ["
                      + Math.sqrt(squaredNorm)
                      + "], too small for [space_type: cosinesimil]; scale it up"));
    }
  }

  private static float[] parseArray(XContentParser parser, String what) throws IOException {
    float[] vector = new float[64];
    int length = 0;
    IllegalArgumentException refused = null;
    XContentParser.Token token = parser.nextToken();
    while (token != XContentParser.Token.END_ARRAY) {
      if (length == vector.length) {
        vector = Arrays.copyOf(vector, 2 * length);
      }
      if (token == XContentParser.Token.VALUE_NUMBER) {
        vector[length] = (float) parser.doubleValue();
      } else if (refused == null) {
        refused = notANumber(what, token.isValue() ? parser.text() : token, length);
      }
      parser.skipChildren();
      length++;
      token = parser.nextToken();
    }
    if (refused != null) {
      throw refused;
    }
    vector = Arrays.copyOf(vector, length);
    requireFinite(vector, what);
    return vector;
  }

  private static float[] decode(String text, String what) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          what
              + " is not valid base64 ("
              + e.getMessage()
              + "); give an array of numbers or base64 of little-endian float32",
          e);
    }
    if (bytes.length % Float.BYTES != 0) {
      throw new IllegalArgumentException(
          what
              + " is base64 of ["
              + bytes.length
              + "] bytes, not a multiple of 4; give base64 of little-endian float32");
    }
    float[] vector = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
    requireFinite(vector, what);
    return vector;
  }

  /** Refuses a vector with a value that is not a finite float32. */
  public static void requireFinite(float[] vector, String what) {
    for (int i = 0; i < vector.length; i++) {
      if (!Float.isFinite(vector[i])) {
        throw new IllegalArgumentException(
            what
                + " holds ["
                + vector[i]
                + "] at position ["
                + i
                + "]; every value must be a finite float32");
      }
    }
  }

  private static IllegalArgumentException notANumber(String what, Object value, int position) {
    return new IllegalArgumentException(
        what + " holds [" + value + "] at position [" + position + "], which is not a number");
  }

  private static IllegalArgumentException notAVector(String what, Object value) {
    return new IllegalArgumentException(
        what + " is [" + value + "]; give an array of numbers or base64 of little-endian float32");
  }
}
