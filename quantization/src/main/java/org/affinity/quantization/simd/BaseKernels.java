/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * What all implementations share: bounds checks, the copy of blocks that are not off-heap, and
 * random access, where vector registers would gain nothing.
 */
abstract class BaseKernels implements Kernels {

  private static final int NONE = 1 << 16;

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Scans a block whose bounds are checked; the threshold is 0 to 65535. */
  abstract boolean scanHeap(
      int bits, byte[] codes, int offset, int rows, byte[] table, int threshold, BlockSums out);

  /** The same over a segment that is native. */
  abstract boolean scanNative(
      int bits,
      MemorySegment codes,
      long offset,
      int rows,
      byte[] table,
      int threshold,
      BlockSums out);

  @Override
  public final boolean scan(
      int bits, byte[] codes, int offset, int rows, byte[] table, int threshold, BlockSums out) {
    Objects.checkFromIndexSize(offset, blockLength(bits, rows, table), codes.length);
    if (threshold >= NONE) {
      return false;
    }
    return scanHeap(bits, codes, offset, rows, table, Math.max(0, threshold), out);
  }

  @Override
  public final boolean scan(
      int bits,
      MemorySegment codes,
      long offset,
      int rows,
      byte[] table,
      int threshold,
      BlockSums out) {
    int size = blockLength(bits, rows, table);
    Objects.checkFromIndexSize(offset, size, codes.byteSize());
    if (threshold >= NONE) {
      return false;
    }
    if (NativeSegments.isNative(codes)) {
      return scanNative(bits, codes, offset, rows, table, Math.max(0, threshold), out);
    }
    return scanCopy(bits, codes, offset, rows, table, Math.max(0, threshold), out);
  }

  /** Scans a copy of the block on the heap. */
  final boolean scanCopy(
      int bits,
      MemorySegment codes,
      long offset,
      int rows,
      byte[] table,
      int threshold,
      BlockSums out) {
    int length = rows * BlockLayout.VECTORS;
    byte[] copy = out.scratch(length);
    MemorySegment.copy(codes, ValueLayout.JAVA_BYTE, offset, copy, 0, length);
    return scanHeap(bits, copy, 0, rows, table, threshold, out);
  }

  private static int blockLength(int bits, int rows, byte[] table) {
    if (rows < 1 || (bits == 6 && rows % 3 != 0)) {
      throw new IllegalArgumentException("rows [" + rows + "] of [" + bits + "]-bit codes");
    }
    Objects.checkFromIndexSize(0, BlockLayout.tableLengthOfRows(rows, bits), table.length);
    return Math.multiplyExact(rows, BlockLayout.VECTORS);
  }

  @Override
  public final float sum(int bits, float[] table, byte[] codes, int offset, int m) {
    return bits == 8
        ? HeapSums.sum8(table, codes, offset, m)
        : HeapSums.sum(bits, table, codes, offset, m);
  }

  @Override
  public final float sum(int bits, float[] table, MemorySegment codes, long offset, int m) {
    if (!NativeSegments.isNative(codes)) {
      int length = BlockLayout.codeLength(m, bits);
      return sum(bits, table, codes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE), 0, m);
    }
    return bits == 8
        ? SegmentSums.sum8(table, codes, offset, m)
        : SegmentSums.sum(bits, table, codes, offset, m);
  }

  @Override
  public final void sum4(
      int bits,
      float[] table,
      byte[] codes,
      int offset0,
      int offset1,
      int offset2,
      int offset3,
      int m,
      float[] out,
      int outOffset) {
    if (bits == 8) {
      HeapSums.sum8x4(table, codes, offset0, offset1, offset2, offset3, m, out, outOffset);
      return;
    }
    Objects.checkFromIndexSize(outOffset, 4, out.length);
    out[outOffset] = sum(bits, table, codes, offset0, m);
    out[outOffset + 1] = sum(bits, table, codes, offset1, m);
    out[outOffset + 2] = sum(bits, table, codes, offset2, m);
    out[outOffset + 3] = sum(bits, table, codes, offset3, m);
  }

  @Override
  public final void sum4(
      int bits,
      float[] table,
      MemorySegment codes,
      long offset0,
      long offset1,
      long offset2,
      long offset3,
      int m,
      float[] out,
      int outOffset) {
    if (bits == 8 && NativeSegments.isNative(codes)) {
      SegmentSums.sum8x4(table, codes, offset0, offset1, offset2, offset3, m, out, outOffset);
      return;
    }
    Objects.checkFromIndexSize(outOffset, 4, out.length);
    out[outOffset] = sum(bits, table, codes, offset0, m);
    out[outOffset + 1] = sum(bits, table, codes, offset1, m);
    out[outOffset + 2] = sum(bits, table, codes, offset2, m);
    out[outOffset + 3] = sum(bits, table, codes, offset3, m);
  }

  /** Compares rows one by one, each by way of a copy. */
  final void compareCopies(
      RowComparison what,
      float[] query,
      MemorySegment rows,
      int[] numbers,
      int count,
      float[] out,
      float[] scratch) {
    for (int i = 0; i < count; i++) {
      long at = (long) numbers[i] * query.length * Float.BYTES;
      MemorySegment.copy(rows, FLOAT, at, scratch, 0, query.length);
      out[i] = what.of(this, query, scratch);
    }
  }

  static void checkNumbers(
      float[] query, MemorySegment rows, int[] numbers, int count, float[] out, float[] scratch) {
    Objects.checkFromIndexSize(0, count, numbers.length);
    Objects.checkFromIndexSize(0, count, out.length);
    if (scratch.length != query.length) {
      throw new IllegalArgumentException(
          "scratch of " + scratch.length + " floats for a query of " + query.length);
    }
    long bytes = (long) query.length * Float.BYTES;
    for (int i = 0; i < count; i++) {
      Objects.checkFromIndexSize(numbers[i] * bytes, bytes, rows.byteSize());
    }
  }

  /** Bounds of the batch form of nearest. */
  static void checkPoints(
      float[] points,
      int offset,
      int stride,
      int count,
      Centroids centroids,
      int[] assignment,
      int assignmentOffset,
      float[] minimum) {
    Objects.checkFromIndexSize(assignmentOffset, count, assignment.length);
    if (minimum != null) {
      Objects.checkFromIndexSize(assignmentOffset, count, minimum.length);
    }
    if (stride < 0) {
      throw new IllegalArgumentException("stride [" + stride + "]");
    }
    if (count > 0) {
      long last = (long) stride * (count - 1) + centroids.dimension();
      Objects.checkFromIndexSize((long) offset, last, (long) points.length);
    }
  }

  /** Bounds of {@code addProducts}. */
  static void checkRows(
      float[] x,
      int xOffset,
      int count,
      float[] rows,
      int rowsOffset,
      int width,
      float[] sums,
      int sumsOffset) {
    Objects.checkFromIndexSize(xOffset, count, x.length);
    Objects.checkFromIndexSize((long) rowsOffset, (long) count * width, rows.length);
    Objects.checkFromIndexSize(sumsOffset, width, sums.length);
  }

  static void checkBytes(float[] values, int offset, int count, byte[] bytes, int bytesOffset) {
    Objects.checkFromIndexSize(offset, count, values.length);
    Objects.checkFromIndexSize(bytesOffset, count, bytes.length);
  }

  static void checkLengths(float[] a, float[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException("lengths differ: " + a.length + " and " + b.length);
    }
  }
}
