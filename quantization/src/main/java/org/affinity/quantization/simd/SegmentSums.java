/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Sums of float table entries over records off the heap; {@link HeapSums} is the same over byte
 * arrays. Each method casts as {@link NativeSegments} explains.
 */
final class SegmentSums {

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  private SegmentSums() {}

  static float sum8(float[] table, MemorySegment segment, long offset, int m) {
    MemorySegment codes = NativeSegments.cast(segment);
    HeapSums.check(8, table, m);
    Objects.checkFromIndexSize(offset, m, codes.byteSize());
    float a0 = 0;
    float a1 = 0;
    float a2 = 0;
    float a3 = 0;
    int t = 0;
    long end = offset + m;
    long o = offset;
    for (; o <= end - 8; o += 8, t += 2048) {
      long w = codes.get(LONG, o);
      a0 += table[t + (int) (w & 255)];
      a1 += table[t + 256 + (int) (w >>> 8 & 255)];
      a2 += table[t + 512 + (int) (w >>> 16 & 255)];
      a3 += table[t + 768 + (int) (w >>> 24 & 255)];
      a0 += table[t + 1024 + (int) (w >>> 32 & 255)];
      a1 += table[t + 1280 + (int) (w >>> 40 & 255)];
      a2 += table[t + 1536 + (int) (w >>> 48 & 255)];
      a3 += table[t + 1792 + (int) (w >>> 56)];
    }
    int left = (int) (end - o);
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
  private static long tail(MemorySegment codes, long offset, int left, int m) {
    if (m >= 8) {
      return codes.get(LONG, offset + left - 8) >>> (64 - 8 * left);
    }
    long w = 0;
    for (int i = left - 1; i >= 0; i--) {
      w = w << 8 | (codes.get(BYTE, offset + i) & 0xFF);
    }
    return w;
  }

  /** Four records, interleaved code by code: their cache misses overlap. */
  static void sum8x4(
      float[] table,
      MemorySegment segment,
      long offset0,
      long offset1,
      long offset2,
      long offset3,
      int m,
      float[] out,
      int outOffset) {
    MemorySegment codes = NativeSegments.cast(segment);
    HeapSums.check(8, table, m);
    Objects.checkFromIndexSize(outOffset, 4, out.length);
    Objects.checkFromIndexSize(offset0, m, codes.byteSize());
    Objects.checkFromIndexSize(offset1, m, codes.byteSize());
    Objects.checkFromIndexSize(offset2, m, codes.byteSize());
    Objects.checkFromIndexSize(offset3, m, codes.byteSize());
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
      long p = codes.get(LONG, offset0 + s);
      long q = codes.get(LONG, offset1 + s);
      long r = codes.get(LONG, offset2 + s);
      long u = codes.get(LONG, offset3 + s);
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
      float a = table[t + (codes.get(BYTE, offset0 + s) & 255)];
      float b = table[t + (codes.get(BYTE, offset1 + s) & 255)];
      float c = table[t + (codes.get(BYTE, offset2 + s) & 255)];
      float d = table[t + (codes.get(BYTE, offset3 + s) & 255)];
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
  static float sum(int bits, float[] table, MemorySegment segment, long offset, int m) {
    MemorySegment codes = NativeSegments.cast(segment);
    HeapSums.check(bits, table, m);
    Objects.checkFromIndexSize(offset, BlockLayout.codeLength(m, bits), codes.byteSize());
    float a0 = 0;
    float a1 = 0;
    float a2 = 0;
    float a3 = 0;
    for (int s = 0, t = 0; s < m; s++, t += 1 << bits) {
      float value = table[t + centroid(codes, offset, bits, s)];
      switch (s & 3) {
        case 0 -> a0 += value;
        case 1 -> a1 += value;
        case 2 -> a2 += value;
        default -> a3 += value;
      }
    }
    return (a0 + a1) + (a2 + a3);
  }

  /** {@link BlockLayout#centroid} over a segment. */
  private static int centroid(MemorySegment codes, long offset, int bits, int subspace) {
    if (bits == 4) {
      return codes.get(BYTE, offset + (subspace >> 1)) >> ((subspace & 1) << 2) & 0xF;
    }
    long group = offset + (subspace >> 2) * 3L;
    int place = subspace & 3;
    if (place < 3) {
      return codes.get(BYTE, group + place) & 0x3F;
    }
    return (codes.get(BYTE, group) >> 6 & 3)
        | (codes.get(BYTE, group + 1) >> 6 & 3) << 2
        | (codes.get(BYTE, group + 2) >> 6 & 3) << 4;
  }
}
