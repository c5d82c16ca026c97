/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.source;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** How a vector stands in JSON. What is written parses to the same floats, bit for bit. */
public enum VectorForm {

  /**
   * An array of numbers, without spaces, each as {@link Float#toString(float)} has it: the shortest
   * decimal that is this float and no other. Parsers round it to a double first, and then to a
   * float, which for ±7.038531E-26 is another one: that is written as a double.
   */
  ARRAY {
    @Override
    void write(float[] vector, ByteArrayOutputStream out) {
      for (int i = 0; i < vector.length; i++) {
        out.write(i == 0 ? '[' : ',');
        float value = vector[i];
        String text =
            Math.abs(value) == ROUNDED_TWICE ? Double.toString(value) : Float.toString(value);
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
      }
      out.write(']');
    }
  },

  /** A string: base64, with padding, of little-endian float32. */
  BASE64 {
    @Override
    void write(float[] vector, ByteArrayOutputStream out) {
      ByteBuffer bytes =
          ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(vector);
      out.write('"');
      out.writeBytes(Base64.getEncoder().encode(bytes.array()));
      out.write('"');
    }
  };

  private static final float ROUNDED_TWICE = 7.038531E-26f;

  /** Appends a vector of at least one, finite, value. */
  abstract void write(float[] vector, ByteArrayOutputStream out);
}
