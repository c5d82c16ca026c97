/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

/**
 * The w behind a code: a bfloat16 (the upper half of a float32), little-endian, rounded to nearest,
 * so within 0.2 % of what it stands for.
 */
final class Weight {

  static final int BYTES = 2;

  private static final int LARGEST_FINITE = 0x7F7F;

  private Weight() {}

  /** Writes a weight that is not negative; one too large becomes the largest there is. */
  static void write(float weight, byte[] record, int offset) {
    int bits = Float.floatToIntBits(Math.abs(weight));
    int half = Math.min(LARGEST_FINITE, (bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    record[offset] = (byte) half;
    record[offset + 1] = (byte) (half >>> 8);
  }

  static float read(byte[] record, int offset) {
    return of((record[offset] & 0xFF) | (record[offset + 1] << 8));
  }

  /** The weight whose 16 bits these are. */
  static float of(int half) {
    return Float.intBitsToFloat(half << 16);
  }
}
