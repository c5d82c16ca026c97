/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/** The two written forms of a vector: float32 little-endian, and base64 of that. */
public final class VectorBytes {
  private VectorBytes() {}

  /** Float32 little-endian. */
  public static byte[] encode(float[] vector) {
    byte[] bytes = new byte[vector.length * Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(vector);
    return bytes;
  }

  /** The opposite of {@link #encode}; a rest of less than four bytes is passed over. */
  public static float[] decode(byte[] bytes) {
    float[] vector = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
    return vector;
  }

  /**
   * The vector in a base64 text.
   *
   * @throws IllegalArgumentException with a reason fit for a reject, if it is not base64 of whole
   *     floats
   */
  public static float[] decodeBase64(String text) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not base64: " + e.getMessage(), e);
    }
    if (bytes.length % Float.BYTES != 0) {
      throw new IllegalArgumentException(
          "base64 of " + bytes.length + " bytes, which is not a whole number of float32");
    }
    return decode(bytes);
  }
}
