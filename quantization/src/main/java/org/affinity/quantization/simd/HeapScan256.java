/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Block scan with 256-bit registers over byte arrays; {@link SegmentScan256} is the same over
 * segments. As {@link HeapScan512}, with tables of 32 entries a register: 4-bit codes take one,
 * 6-bit codes a pair, 8-bit codes four pairs and three choices by the bits 64 and 128 of the code.
 *
 * <p>With sixteen registers in sight, a call scans one half of a block, 64 vectors; {@link
 * Vector256Kernels} puts the halves together. Callers have checked the bounds.
 */
final class HeapScan256 {

  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_256;
  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_256;

  private HeapScan256() {}

  static long scan8(
      byte[] codes,
      int offset,
      int rows,
      byte[] table,
      int threshold,
      boolean store,
      short[] sums,
      int half,
      int stride) {
    ShortVector eight = ShortVector.broadcast(SHORTS, 8);
    ShortVector a0 = ShortVector.zero(SHORTS);
    ShortVector a1 = a0;
    ShortVector b0 = a0;
    ShortVector b1 = a0;
    int end = rows * BlockLayout.VECTORS;
    for (int row = 0; row < end; row += stride) {
      int o = offset + half + row;
      int t = row + row;
      ByteVector x = ByteVector.fromArray(BYTES, codes, o);
      ByteVector y = ByteVector.fromArray(BYTES, codes, o + 32);
      VectorMask<Byte> x64 = x.add(x).compare(VectorOperators.LT, (byte) 0);
      VectorMask<Byte> y64 = y.add(y).compare(VectorOperators.LT, (byte) 0);
      ByteVector t0 = ByteVector.fromArray(BYTES, table, t);
      ByteVector t1 = ByteVector.fromArray(BYTES, table, t + 32);
      ByteVector t2 = ByteVector.fromArray(BYTES, table, t + 64);
      ByteVector t3 = ByteVector.fromArray(BYTES, table, t + 96);
      ByteVector xLow = x.selectFrom(t0, t1).blend(x.selectFrom(t2, t3), x64);
      ByteVector yLow = y.selectFrom(t0, t1).blend(y.selectFrom(t2, t3), y64);
      t0 = ByteVector.fromArray(BYTES, table, t + 128);
      t1 = ByteVector.fromArray(BYTES, table, t + 160);
      t2 = ByteVector.fromArray(BYTES, table, t + 192);
      t3 = ByteVector.fromArray(BYTES, table, t + 224);
      ByteVector xHigh = x.selectFrom(t0, t1).blend(x.selectFrom(t2, t3), x64);
      ByteVector yHigh = y.selectFrom(t0, t1).blend(y.selectFrom(t2, t3), y64);
      ShortVector s =
          xLow.blend(xHigh, x.compare(VectorOperators.LT, (byte) 0)).reinterpretAsShorts();
      a0 = a0.add(s);
      a1 = a1.add(s.lanewise(VectorOperators.LSHR, eight));
      s = yLow.blend(yHigh, y.compare(VectorOperators.LT, (byte) 0)).reinterpretAsShorts();
      b0 = b0.add(s);
      b1 = b1.add(s.lanewise(VectorOperators.LSHR, eight));
    }
    ShortVector least = ShortVector.broadcast(SHORTS, (short) threshold);
    a0 = a0.sub(a1.lanewise(VectorOperators.LSHL, eight));
    b0 = b0.sub(b1.lanewise(VectorOperators.LSHL, eight));
    long mask =
        a0.compare(VectorOperators.UGE, least).toLong()
            | b0.compare(VectorOperators.UGE, least).toLong() << 16
            | a1.compare(VectorOperators.UGE, least).toLong() << 32
            | b1.compare(VectorOperators.UGE, least).toLong() << 48;
    if (store || mask != 0) {
      a0.intoArray(sums, half);
      b0.intoArray(sums, half + 16);
      a1.intoArray(sums, half + 32);
      b1.intoArray(sums, half + 48);
    }
    return mask;
  }

  static long scan4(
      byte[] codes,
      int offset,
      int rows,
      byte[] table,
      int threshold,
      boolean store,
      short[] sums,
      int half,
      int stride) {
    ShortVector eight = ShortVector.broadcast(SHORTS, 8);
    ShortVector four = ShortVector.broadcast(SHORTS, 4);
    ShortVector a0 = ShortVector.zero(SHORTS);
    ShortVector a1 = a0;
    ShortVector b0 = a0;
    ShortVector b1 = a0;
    int end = rows * BlockLayout.VECTORS;
    for (int row = 0; row < end; row += stride) {
      int o = offset + half + row;
      ByteVector x = ByteVector.fromArray(BYTES, codes, o);
      ByteVector y = ByteVector.fromArray(BYTES, codes, o + 32);
      ByteVector low = ByteVector.fromArray(BYTES, table, row);
      ByteVector high = ByteVector.fromArray(BYTES, table, row + 64);
      ByteVector xHigh =
          x.reinterpretAsShorts().lanewise(VectorOperators.LSHR, four).reinterpretAsBytes();
      ByteVector yHigh =
          y.reinterpretAsShorts().lanewise(VectorOperators.LSHR, four).reinterpretAsBytes();
      ShortVector s = x.selectFrom(low).add(xHigh.selectFrom(high)).reinterpretAsShorts();
      a0 = a0.add(s);
      a1 = a1.add(s.lanewise(VectorOperators.LSHR, eight));
      s = y.selectFrom(low).add(yHigh.selectFrom(high)).reinterpretAsShorts();
      b0 = b0.add(s);
      b1 = b1.add(s.lanewise(VectorOperators.LSHR, eight));
    }
    ShortVector least = ShortVector.broadcast(SHORTS, (short) threshold);
    a0 = a0.sub(a1.lanewise(VectorOperators.LSHL, eight));
    b0 = b0.sub(b1.lanewise(VectorOperators.LSHL, eight));
    long mask =
        a0.compare(VectorOperators.UGE, least).toLong()
            | b0.compare(VectorOperators.UGE, least).toLong() << 16
            | a1.compare(VectorOperators.UGE, least).toLong() << 32
            | b1.compare(VectorOperators.UGE, least).toLong() << 48;
    if (store || mask != 0) {
      a0.intoArray(sums, half);
      b0.intoArray(sums, half + 16);
      a1.intoArray(sums, half + 32);
      b1.intoArray(sums, half + 48);
    }
    return mask;
  }

  /** Three rows at a time. */
  static long scan6(
      byte[] codes,
      int offset,
      int rows,
      byte[] table,
      int threshold,
      boolean store,
      short[] sums,
      int half,
      int stride) {
    ShortVector eight = ShortVector.broadcast(SHORTS, 8);
    ShortVector six = ShortVector.broadcast(SHORTS, 6);
    ShortVector four = ShortVector.broadcast(SHORTS, 4);
    ShortVector two = ShortVector.broadcast(SHORTS, 2);
    ShortVector a0 = ShortVector.zero(SHORTS);
    ShortVector a1 = a0;
    ShortVector b0 = a0;
    ShortVector b1 = a0;
    int end = rows * BlockLayout.VECTORS;
    int step = stride + stride + stride;
    for (int row = 0, t = 0; row < end; row += step, t += stride + stride) {
      int o = offset + half + row;
      ByteVector x = ByteVector.fromArray(BYTES, codes, o);
      ByteVector y = ByteVector.fromArray(BYTES, codes, o + 128);
      ByteVector z = ByteVector.fromArray(BYTES, codes, o + 256);
      ByteVector w =
          x.reinterpretAsShorts()
              .lanewise(VectorOperators.LSHR, six)
              .reinterpretAsBytes()
              .and((byte) 0x03)
              .or(
                  y.reinterpretAsShorts()
                      .lanewise(VectorOperators.LSHR, four)
                      .reinterpretAsBytes()
                      .and((byte) 0x0C))
              .or(
                  z.reinterpretAsShorts()
                      .lanewise(VectorOperators.LSHR, two)
                      .reinterpretAsBytes()
                      .and((byte) 0x30));
      ShortVector s =
          x.selectFrom(
                  ByteVector.fromArray(BYTES, table, t), ByteVector.fromArray(BYTES, table, t + 32))
              .reinterpretAsShorts();
      a0 = a0.add(s);
      a1 = a1.add(s.lanewise(VectorOperators.LSHR, eight));
      s =
          y.selectFrom(
                  ByteVector.fromArray(BYTES, table, t + 64),
                  ByteVector.fromArray(BYTES, table, t + 96))
              .reinterpretAsShorts();
      a0 = a0.add(s);
      a1 = a1.add(s.lanewise(VectorOperators.LSHR, eight));
      s =
          z.selectFrom(
                  ByteVector.fromArray(BYTES, table, t + 128),
                  ByteVector.fromArray(BYTES, table, t + 160))
              .reinterpretAsShorts();
      a0 = a0.add(s);
      a1 = a1.add(s.lanewise(VectorOperators.LSHR, eight));
      s =
          w.selectFrom(
                  ByteVector.fromArray(BYTES, table, t + 192),
                  ByteVector.fromArray(BYTES, table, t + 224))
              .reinterpretAsShorts();
      a0 = a0.add(s);
      a1 = a1.add(s.lanewise(VectorOperators.LSHR, eight));
      x = ByteVector.fromArray(BYTES, codes, o + 32);
      y = ByteVector.fromArray(BYTES, codes, o + 160);
      z = ByteVector.fromArray(BYTES, codes, o + 288);
      w =
          x.reinterpretAsShorts()
              .lanewise(VectorOperators.LSHR, six)
              .reinterpretAsBytes()
              .and((byte) 0x03)
              .or(
                  y.reinterpretAsShorts()
                      .lanewise(VectorOperators.LSHR, four)
                      .reinterpretAsBytes()
                      .and((byte) 0x0C))
              .or(
                  z.reinterpretAsShorts()
                      .lanewise(VectorOperators.LSHR, two)
                      .reinterpretAsBytes()
                      .and((byte) 0x30));
      s =
          x.selectFrom(
                  ByteVector.fromArray(BYTES, table, t), ByteVector.fromArray(BYTES, table, t + 32))
              .reinterpretAsShorts();
      b0 = b0.add(s);
      b1 = b1.add(s.lanewise(VectorOperators.LSHR, eight));
      s =
          y.selectFrom(
                  ByteVector.fromArray(BYTES, table, t + 64),
                  ByteVector.fromArray(BYTES, table, t + 96))
              .reinterpretAsShorts();
      b0 = b0.add(s);
      b1 = b1.add(s.lanewise(VectorOperators.LSHR, eight));
      s =
          z.selectFrom(
                  ByteVector.fromArray(BYTES, table, t + 128),
                  ByteVector.fromArray(BYTES, table, t + 160))
              .reinterpretAsShorts();
      b0 = b0.add(s);
      b1 = b1.add(s.lanewise(VectorOperators.LSHR, eight));
      s =
          w.selectFrom(
                  ByteVector.fromArray(BYTES, table, t + 192),
                  ByteVector.fromArray(BYTES, table, t + 224))
              .reinterpretAsShorts();
      b0 = b0.add(s);
      b1 = b1.add(s.lanewise(VectorOperators.LSHR, eight));
    }
    ShortVector least = ShortVector.broadcast(SHORTS, (short) threshold);
    a0 = a0.sub(a1.lanewise(VectorOperators.LSHL, eight));
    b0 = b0.sub(b1.lanewise(VectorOperators.LSHL, eight));
    long mask =
        a0.compare(VectorOperators.UGE, least).toLong()
            | b0.compare(VectorOperators.UGE, least).toLong() << 16
            | a1.compare(VectorOperators.UGE, least).toLong() << 32
            | b1.compare(VectorOperators.UGE, least).toLong() << 48;
    if (store || mask != 0) {
      a0.intoArray(sums, half);
      b0.intoArray(sums, half + 16);
      a1.intoArray(sums, half + 32);
      b1.intoArray(sums, half + 48);
    }
    return mask;
  }
}
