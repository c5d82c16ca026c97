/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import java.lang.foreign.MemorySegment;

/** 512-bit registers. Load this class only where the Vector API is there. */
final class Vector512Kernels extends VectorKernels {

  @Override
  public String name() {
    return "vector512";
  }

  @Override
  boolean scanHeap(
      int bits, byte[] codes, int offset, int rows, byte[] table, int threshold, BlockSums out) {
    return switch (bits) {
      case 8 -> HeapScan512.scan8(codes, offset, rows, table, threshold, out, stride);
      case 6 -> HeapScan512.scan6(codes, offset, rows, table, threshold, out, stride);
      default -> HeapScan512.scan4(codes, offset, rows, table, threshold, out, stride);
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
    return switch (bits) {
      case 8 -> SegmentScan512.scan8(codes, offset, rows, table, threshold, out, stride);
      case 6 -> SegmentScan512.scan6(codes, offset, rows, table, threshold, out, stride);
      default -> SegmentScan512.scan4(codes, offset, rows, table, threshold, out, stride);
    };
  }
}
