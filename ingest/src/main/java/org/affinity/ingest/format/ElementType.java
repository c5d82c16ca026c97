/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How the numbers of an array are stored.
 *
 * @param kind the IEEE 754 form
 * @param order the order of a number's bytes
 */
record ElementType(Kind kind, ByteOrder order) {
  /** Forms of a floating-point number. */
  enum Kind {
    FLOAT16(2),
    BFLOAT16(2),
    FLOAT32(4),
    FLOAT64(8);

    private final int bytes;

    Kind(int bytes) {
      this.bytes = bytes;
    }
  }

  int bytes() {
    return kind.bytes;
  }

  /** All numbers of a row; float64 is rounded to the nearest float32, or to infinity. */
  float[] decode(byte[] row) {
    ByteBuffer in = ByteBuffer.wrap(row).order(order);
    float[] out = new float[row.length / bytes()];
    if (kind == Kind.FLOAT32) {
      in.asFloatBuffer().get(out);
      return out;
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = next(in);
    }
    return out;
  }

  /** The number at the position of a buffer in this order. */
  float next(ByteBuffer in) {
    return switch (kind) {
      case FLOAT16 -> Float.float16ToFloat(in.getShort());
      case BFLOAT16 -> Float.intBitsToFloat(in.getShort() << Short.SIZE);
      case FLOAT32 -> in.getFloat();
      case FLOAT64 -> (float) in.getDouble();
    };
  }
}
