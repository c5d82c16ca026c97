/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import java.lang.foreign.MemorySegment;

/**
 * 256-bit registers, half a block at a time. If only the second half holds a competitive vector,
 * the first is scanned again to store its sums. Load this class only where the Vector API is there.
 */
final class Vector256Kernels extends VectorKernels {

  private static final int HALF = BlockLayout.VECTORS / 2;

  @Override
  public String name() {
    return "vector256";
  }

  @Override
  boolean scanHeap(
      int bits, byte[] codes, int offset, int rows, byte[] table, int threshold, BlockSums out) {
    long mask0 = half(bits, codes, offset, rows, table, threshold, false, out, 0);
    long mask1 = half(bits, codes, offset, rows, table, threshold, mask0 != 0, out, HALF);
    if (mask0 == 0 && mask1 != 0) {
      half(bits, codes, offset, rows, table, threshold, true, out, 0);
    }
    return found(mask0, mask1, out);
  }

  private static boolean found(long mask0, long mask1, BlockSums out) {
    if ((mask0 | mask1) == 0) {
      return false;
    }
    out.mask0 = mask0;
    out.mask1 = mask1;
    return true;
  }

  private long half(
      int bits,
      byte[] codes,
      int offset,
      int rows,
      byte[] table,
      int threshold,
      boolean store,
      BlockSums out,
      int half) {
    short[] sums = out.sums;
    return switch (bits) {
      case 8 -> HeapScan256.scan8(codes, offset, rows, table, threshold, store, sums, half, stride);
      case 6 -> HeapScan256.scan6(codes, offset, rows, table, threshold, store, sums, half, stride);
      default ->
          HeapScan256.scan4(codes, offset, rows, table, threshold, store, sums, half, stride);
    };
  }

  @Override
  boolean scanNative(
      int bits,
      MemorySegment codes,
      long offset,
      int rows,
      byte[] table,
      int threshold,
      BlockSums out) {
    long mask0 = half(bits, codes, offset, rows, table, threshold, false, out, 0);
    long mask1 = half(bits, codes, offset, rows, table, threshold, mask0 != 0, out, HALF);
    if (mask0 == 0 && mask1 != 0) {
      half(bits, codes, offset, rows, table, threshold, true, out, 0);
    }
    return found(mask0, mask1, out);
  }

  private long half(
      int bits,
      MemorySegment codes,
      long offset,
      int rows,
      byte[] table,
      int threshold,
      boolean store,
      BlockSums out,
      int half) {
    short[] sums = out.sums;
    return switch (bits) {
      case 8 ->
          SegmentScan256.scan8(codes, offset, rows, table, threshold, store, sums, half, stride);
      case 6 ->
          SegmentScan256.scan6(codes, offset, rows, table, threshold, store, sums, half, stride);
      default ->
          SegmentScan256.scan4(codes, offset, rows, table, threshold, store, sums, half, stride);
    };
  }
}
