/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link HeapScan512} over native and mapped segments. Each method casts its segment as {@link
 * NativeSegments} explains.
 */
final class SegmentScan512 {

  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;
  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_512;
  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

  private SegmentScan512() {}

  static boolean scan8(
      MemorySegment segment,
      long offset,
      int rows,
      byte[] table,
      int threshold,
      BlockSums out,
      int stride) {
    MemorySegment codes = NativeSegments.cast(segment);
    ShortVector eight = ShortVector.broadcast(SHORTS, 8);
    ShortVector a0 = ShortVector.zero(SHORTS);
    ShortVector a1 = a0;
    ShortVector b0 = a0;
    ShortVector b1 = a0;
    int end = rows * BlockLayout.VECTORS;
    for (int row = 0; row < end; row += stride) {
      long o = offset + row;
      int t = row + row;
      ByteVector x = ByteVector.fromMemorySegment(BYTES, codes, o, LITTLE);
      ByteVector y = ByteVector.fromMemorySegment(BYTES, codes, o + 64, LITTLE);
      ByteVector t0 = ByteVector.fromArray(BYTES, table, t);
      ByteVector t1 = ByteVector.fromArray(BYTES, table, t + 64);
      ByteVector t2 = ByteVector.fromArray(BYTES, table, t + 128);
      ByteVector t3 = ByteVector.fromArray(BYTES, table, t + 192);
      ShortVector s =
          x.selectFrom(t0, t1)
              .blend(x.selectFrom(t2, t3), x.compare(VectorOperators.LT, (byte) 0))
              .reinterpretAsShorts();
      a0 = a0.add(s);
      a1 = a1.add(s.lanewise(VectorOperators.LSHR, eight));
      s =
          y.selectFrom(t0, t1)
              .blend(y.selectFrom(t2, t3), y.compare(VectorOperators.LT, (byte) 0))
              .reinterpretAsShorts();
      b0 = b0.add(s);
      b1 = b1.add(s.lanewise(VectorOperators.LSHR, eight));
    }
    ShortVector least = ShortVector.broadcast(SHORTS, (short) threshold);
    a0 = a0.sub(a1.lanewise(VectorOperators.LSHL, eight));
    b0 = b0.sub(b1.lanewise(VectorOperators.LSHL, eight));
    long mask0 =
        a0.compare(VectorOperators.UGE, least).toLong()
            | a1.compare(VectorOperators.UGE, least).toLong() << 32;
    long mask1 =
        b0.compare(VectorOperators.UGE, least).toLong()
            | b1.compare(VectorOperators.UGE, least).toLong() << 32;
    if ((mask0 | mask1) == 0) {
      return false;
    }
    a0.intoArray(out.sums, 0);
    a1.intoArray(out.sums, 32);
    b0.intoArray(out.sums, 64);
    b1.intoArray(out.sums, 96);
    out.mask0 = mask0;
    out.mask1 = mask1;
    return true;
  }

  static boolean scan4(
      MemorySegment segment,
      long offset,
      int rows,
      byte[] table,
      int threshold,
      BlockSums out,
      int stride) {
    MemorySegment codes = NativeSegments.cast(segment);
    ShortVector eight = ShortVector.broadcast(SHORTS, 8);
    ShortVector four = ShortVector.broadcast(SHORTS, 4);
    ShortVector a0 = ShortVector.zero(SHORTS);
    ShortVector a1 = a0;
    ShortVector b0 = a0;
    ShortVector b1 = a0;
    int end = rows * BlockLayout.VECTORS;
    for (int row = 0; row < end; row += stride) {
      long o = offset + row;
      ByteVector x = ByteVector.fromMemorySegment(BYTES, codes, o, LITTLE);
      ByteVector y = ByteVector.fromMemorySegment(BYTES, codes, o + 64, LITTLE);
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
    long mask0 =
        a0.compare(VectorOperators.UGE, least).toLong()
            | a1.compare(VectorOperators.UGE, least).toLong() << 32;
    long mask1 =
        b0.compare(VectorOperators.UGE, least).toLong()
            | b1.compare(VectorOperators.UGE, least).toLong() << 32;
    if ((mask0 | mask1) == 0) {
      return false;
    }
    a0.intoArray(out.sums, 0);
    a1.intoArray(out.sums, 32);
    b0.intoArray(out.sums, 64);
    b1.intoArray(out.sums, 96);
    out.mask0 = mask0;
    out.mask1 = mask1;
    return true;
  }

  /** Three rows at a time. */
  static boolean scan6(
      MemorySegment segment,
      long offset,
      int rows,
      byte[] table,
      int threshold,
      BlockSums out,
      int stride) {
    MemorySegment codes = NativeSegments.cast(segment);
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
      long o = offset + row;
      ByteVector t0 = ByteVector.fromArray(BYTES, table, t);
      ByteVector t1 = ByteVector.fromArray(BYTES, table, t + 64);
      ByteVector t2 = ByteVector.fromArray(BYTES, table, t + 128);
      ByteVector t3 = ByteVector.fromArray(BYTES, table, t + 192);
      ByteVector x = ByteVector.fromMemorySegment(BYTES, codes, o, LITTLE);
      ByteVector y = ByteVector.fromMemorySegment(BYTES, codes, o + 128, LITTLE);
      ByteVector z = ByteVector.fromMemorySegment(BYTES, codes, o + 256, LITTLE);
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
      ShortVector s = x.selectFrom(t0).reinterpretAsShorts();
      a0 = a0.add(s);
      a1 = a1.add(s.lanewise(VectorOperators.LSHR, eight));
      s = y.selectFrom(t1).reinterpretAsShorts();
      a0 = a0.add(s);
      a1 = a1.add(s.lanewise(VectorOperators.LSHR, eight));
      s = z.selectFrom(t2).reinterpretAsShorts();
      a0 = a0.add(s);
      a1 = a1.add(s.lanewise(VectorOperators.LSHR, eight));
      s = w.selectFrom(t3).reinterpretAsShorts();
      a0 = a0.add(s);
      a1 = a1.add(s.lanewise(VectorOperators.LSHR, eight));
      x = ByteVector.fromMemorySegment(BYTES, codes, o + 64, LITTLE);
      y = ByteVector.fromMemorySegment(BYTES, codes, o + 192, LITTLE);
      z = ByteVector.fromMemorySegment(BYTES, codes, o + 320, LITTLE);
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
      s = x.selectFrom(t0).reinterpretAsShorts();
      b0 = b0.add(s);
      b1 = b1.add(s.lanewise(VectorOperators.LSHR, eight));
      s = y.selectFrom(t1).reinterpretAsShorts();
      b0 = b0.add(s);
      b1 = b1.add(s.lanewise(VectorOperators.LSHR, eight));
      s = z.selectFrom(t2).reinterpretAsShorts();
      b0 = b0.add(s);
      b1 = b1.add(s.lanewise(VectorOperators.LSHR, eight));
      s = w.selectFrom(t3).reinterpretAsShorts();
      b0 = b0.add(s);
      b1 = b1.add(s.lanewise(VectorOperators.LSHR, eight));
    }
    ShortVector least = ShortVector.broadcast(SHORTS, (short) threshold);
    a0 = a0.sub(a1.lanewise(VectorOperators.LSHL, eight));
    b0 = b0.sub(b1.lanewise(VectorOperators.LSHL, eight));
    long mask0 =
        a0.compare(VectorOperators.UGE, least).toLong()
            | a1.compare(VectorOperators.UGE, least).toLong() << 32;
    long mask1 =
        b0.compare(VectorOperators.UGE, least).toLong()
            | b1.compare(VectorOperators.UGE, least).toLong() << 32;
    if ((mask0 | mask1) == 0) {
      return false;
    }
    a0.intoArray(out.sums, 0);
    a1.intoArray(out.sums, 32);
    b0.intoArray(out.sums, 64);
    b1.intoArray(out.sums, 96);
    out.mask0 = mask0;
    out.mask1 = mask1;
    return true;
  }
}
