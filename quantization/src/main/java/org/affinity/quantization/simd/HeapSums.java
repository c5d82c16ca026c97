/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Sums of float table entries over records in byte arrays; {@link SegmentSums} is the same over
 * segments. Eight codes are loaded at once; a tail of fewer is taken from the last eight bytes of
 * the record.
 */
final class HeapSums {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private HeapSums() {}

  static float sum8(float[] table, byte[] codes, int offset, int m) {
    check(8, table, m);
    Objects.checkFromIndexSize(offset, m, codes.length);
    float a0 = 0;
    float a1 = 0;
    float a2 = 0;
    float a3 = 0;
    int t = 0;
    int end = offset + m;
    int o = offset;
    for (; o <= end - 8; o += 8, t += 2048) {
      long w = (long) LONG.get(codes, o);
      a0 += table[t + (int) (w & 255)];
      a1 += table[t + 256 + (int) (w >>> 8 & 255)];
      a2 += table[t + 512 + (int) (w >>> 16 & 255)];
      a3 += table[t + 768 + (int) (w >>> 24 & 255)];
      a0 += table[t + 1024 + (int) (w >>> 32 & 255)];
      a1 += table[t + 1280 + (int) (w >>> 40 & 255)];
      a2 += table[t + 1536 + (int) (w >>> 48 & 255)];
      a3 += table[t + 1792 + (int) (w >>> 56)];
    }
    int left = end - o;
    if (left > 0) {
      long w = tail(codes, o, left, m);
      if (left >= 4) {
        a0 += table[t + (int) (w & 255)];
        a1 += table[t + 256 + (int) (w >>> 8 & 255)];
        a2 += table[t + 512 + (int) (w >>> 16 & 255)];
        a3 += table[t + 768 + (int) (w >>> 24 & 255)];
        w >>>= 32;
        t += 1024;
        left -= 4;
      }
      if (left > 0) {
        a0 += table[t + (int) (w & 255)];
      }
      if (left > 1) {
        a1 += table[t + 256 + (int) (w >>> 8 & 255)];
      }
      if (left > 2) {
        a2 += table[t + 512 + (int) (w >>> 16 & 255)];
      }
    }
    return (a0 + a1) + (a2 + a3);
  }

  /** The last {@code left < 8} codes of a record of m, the first of them in the low byte. */
  private static long tail(byte[] codes, int offset, int left, int m) {
    if (m >= 8) {
      return (long) LONG.get(codes, offset + left - 8) >>> (64 - 8 * left);
    }
    long w = 0;
    for (int i = left - 1; i >= 0; i--) {
      w = w << 8 | (codes[offset + i] & 0xFF);
    }
    return w;
  }

  /** Four records, interleaved code by code: their cache misses overlap. */
  static void sum8x4(
      float[] table,
      byte[] codes,
      int offset0,
      int offset1,
      int offset2,
      int offset3,
      int m,
      float[] out,
      int outOffset) {
    check(8, table, m);
    Objects.checkFromIndexSize(outOffset, 4, out.length);
    Objects.checkFromIndexSize(offset0, m, codes.length);
    Objects.checkFromIndexSize(offset1, m, codes.length);
    Objects.checkFromIndexSize(offset2, m, codes.length);
    Objects.checkFromIndexSize(offset3, m, codes.length);
    float a0 = 0;
    float a1 = 0;
    float a2 = 0;
    float a3 = 0;
    float b0 = 0;
    float b1 = 0;
    float b2 = 0;
    float b3 = 0;
    float c0 = 0;
    float c1 = 0;
    float c2 = 0;
    float c3 = 0;
    float d0 = 0;
    float d1 = 0;
    float d2 = 0;
    float d3 = 0;
    int s = 0;
    int t = 0;
    for (; s <= m - 8; s += 8, t += 2048) {
      long p = (long) LONG.get(codes, offset0 + s);
      long q = (long) LONG.get(codes, offset1 + s);
      long r = (long) LONG.get(codes, offset2 + s);
      long u = (long) LONG.get(codes, offset3 + s);
      a0 += table[t + (int) (p & 255)];
      b0 += table[t + (int) (q & 255)];
      c0 += table[t + (int) (r & 255)];
      d0 += table[t + (int) (u & 255)];
      a1 += table[t + 256 + (int) (p >>> 8 & 255)];
      b1 += table[t + 256 + (int) (q >>> 8 & 255)];
      c1 += table[t + 256 + (int) (r >>> 8 & 255)];
      d1 += table[t + 256 + (int) (u >>> 8 & 255)];
      a2 += table[t + 512 + (int) (p >>> 16 & 255)];
      b2 += table[t + 512 + (int) (q >>> 16 & 255)];
      c2 += table[t + 512 + (int) (r >>> 16 & 255)];
      d2 += table[t + 512 + (int) (u >>> 16 & 255)];
      a3 += table[t + 768 + (int) (p >>> 24 & 255)];
      b3 += table[t + 768 + (int) (q >>> 24 & 255)];
      c3 += table[t + 768 + (int) (r >>> 24 & 255)];
      d3 += table[t + 768 + (int) (u >>> 24 & 255)];
      a0 += table[t + 1024 + (int) (p >>> 32 & 255)];
      b0 += table[t + 1024 + (int) (q >>> 32 & 255)];
      c0 += table[t + 1024 + (int) (r >>> 32 & 255)];
      d0 += table[t + 1024 + (int) (u >>> 32 & 255)];
      a1 += table[t + 1280 + (int) (p >>> 40 & 255)];
      b1 += table[t + 1280 + (int) (q >>> 40 & 255)];
      c1 += table[t + 1280 + (int) (r >>> 40 & 255)];
      d1 += table[t + 1280 + (int) (u >>> 40 & 255)];
      a2 += table[t + 1536 + (int) (p >>> 48 & 255)];
      b2 += table[t + 1536 + (int) (q >>> 48 & 255)];
      c2 += table[t + 1536 + (int) (r >>> 48 & 255)];
      d2 += table[t + 1536 + (int) (u >>> 48 & 255)];
      a3 += table[t + 1792 + (int) (p >>> 56)];
      b3 += table[t + 1792 + (int) (q >>> 56)];
      c3 += table[t + 1792 + (int) (r >>> 56)];
      d3 += table[t + 1792 + (int) (u >>> 56)];
    }
    for (; s < m; s++, t += 256) {
      float a = table[t + (codes[offset0 + s] & 255)];
      float b = table[t + (codes[offset1 + s] & 255)];
      float c = table[t + (codes[offset2 + s] & 255)];
      float d = table[t + (codes[offset3 + s] & 255)];
      switch (s & 3) {
        case 0 -> {
          a0 += a;
          b0 += b;
          c0 += c;
          d0 += d;
        }
        case 1 -> {
          a1 += a;
          b1 += b;
          c1 += c;
          d1 += d;
        }
        case 2 -> {
          a2 += a;
          b2 += b;
          c2 += c;
          d2 += d;
        }
        default -> {
          a3 += a;
          b3 += b;
          c3 += c;
          d3 += d;
        }
      }
    }
    out[outOffset] = (a0 + a1) + (a2 + a3);
    out[outOffset + 1] = (b0 + b1) + (b2 + b3);
    out[outOffset + 2] = (c0 + c1) + (c2 + c3);
    out[outOffset + 3] = (d0 + d1) + (d2 + d3);
  }

  /** 4- and 6-bit codes: code by code. */
  static float sum(int bits, float[] table, byte[] codes, int offset, int m) {
    check(bits, table, m);
    Objects.checkFromIndexSize(offset, BlockLayout.codeLength(m, bits), codes.length);
    float a0 = 0;
    float a1 = 0;
    float a2 = 0;
    float a3 = 0;
    for (int s = 0, t = 0; s < m; s++, t += 1 << bits) {
      float value = table[t + BlockLayout.centroid(codes, offset, bits, s)];
      switch (s & 3) {
        case 0 -> a0 += value;
        case 1 -> a1 += value;
        case 2 -> a2 += value;
        default -> a3 += value;
      }
    }
    return (a0 + a1) + (a2 + a3);
  }

  static void check(int bits, float[] table, int m) {
    Objects.checkFromIndexSize(0, Math.multiplyExact(m, 1 << bits), table.length);
  }
}
