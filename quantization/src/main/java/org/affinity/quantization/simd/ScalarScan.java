/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Block scan in plain Java: eight neighbouring columns at a time, so that one load fetches eight
 * codes and their sums stay in registers. Callers have checked the bounds.
 */
final class ScalarScan {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int ROW = BlockLayout.VECTORS;

  private ScalarScan() {}

  static void sum8(byte[] codes, int offset, int rows, byte[] table, short[] sums) {
    for (int column = 0; column < ROW; column += 8) {
      int s0 = 0;
      int s1 = 0;
      int s2 = 0;
      int s3 = 0;
      int s4 = 0;
      int s5 = 0;
      int s6 = 0;
      int s7 = 0;
      for (int row = 0, o = offset + column, t = 0; row < rows; row++, o += ROW, t += 256) {
        long w = (long) LONG.get(codes, o);
        s0 += table[t + (int) (w & 255)] & 255;
        s1 += table[t + (int) (w >>> 8 & 255)] & 255;
        s2 += table[t + (int) (w >>> 16 & 255)] & 255;
        s3 += table[t + (int) (w >>> 24 & 255)] & 255;
        s4 += table[t + (int) (w >>> 32 & 255)] & 255;
        s5 += table[t + (int) (w >>> 40 & 255)] & 255;
        s6 += table[t + (int) (w >>> 48 & 255)] & 255;
        s7 += table[t + (int) (w >>> 56)] & 255;
      }
      store(sums, column, s0, s1, s2, s3);
      store(sums, column + 4, s4, s5, s6, s7);
    }
  }

  static void sum4(byte[] codes, int offset, int rows, byte[] table, short[] sums) {
    for (int column = 0; column < ROW; column += 4) {
      int s0 = 0;
      int s1 = 0;
      int s2 = 0;
      int s3 = 0;
      for (int row = 0, o = offset + column, t = 0; row < rows; row++, o += ROW, t += 128) {
        s0 += pair(table, t, codes[o]);
        s1 += pair(table, t, codes[o + 1]);
        s2 += pair(table, t, codes[o + 2]);
        s3 += pair(table, t, codes[o + 3]);
      }
      store(sums, column, s0, s1, s2, s3);
    }
  }

  private static int pair(byte[] table, int t, byte code) {
    return table[t + (code & 15)] + table[t + 64 + (code >> 4 & 15)];
  }

  static void sum6(byte[] codes, int offset, int rows, byte[] table, short[] sums) {
    for (int column = 0; column < ROW; column += 2) {
      int s0 = 0;
      int s1 = 0;
      for (int row = 0, o = offset + column, t = 0; row < rows; row += 3, o += 3 * ROW, t += 256) {
        s0 += four(table, t, codes[o], codes[o + ROW], codes[o + 2 * ROW]);
        s1 += four(table, t, codes[o + 1], codes[o + ROW + 1], codes[o + 2 * ROW + 1]);
      }
      sums[BlockLayout.vector(column)] = (short) s0;
      sums[BlockLayout.vector(column + 1)] = (short) s1;
    }
  }

  private static int four(byte[] table, int t, byte c0, byte c1, byte c2) {
    int c3 = (c0 >> 6 & 3) | (c1 >> 6 & 3) << 2 | (c2 >> 6 & 3) << 4;
    return (table[t + (c0 & 63)] & 255)
        + (table[t + 64 + (c1 & 63)] & 255)
        + (table[t + 128 + (c2 & 63)] & 255)
        + (table[t + 192 + c3] & 255);
  }

  private static void store(short[] sums, int column, int s0, int s1, int s2, int s3) {
    int even = BlockLayout.vector(column);
    sums[even] = (short) s0;
    sums[even + 32] = (short) s1;
    sums[even + 1] = (short) s2;
    sums[even + 33] = (short) s3;
  }

  /** Bits of the 64 sums from {@code from} that are at least the threshold. */
  static long mask(short[] sums, int from, int threshold) {
    long mask = 0;
    for (int i = 0; i < 64; i++) {
      mask |= ((threshold - 1 - (sums[from + i] & 0xFFFF)) >>> 31 & 1L) << i;
    }
    return mask;
  }
}
