/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import java.lang.foreign.MemorySegment;

/**
 * One implementation for each group of operations. May be told of a better one at any time, even
 * during calls: all give the same bits, so only the speed changes.
 */
final class SelectedKernels implements Kernels {

  private volatile Kernels scan4;
  private volatile Kernels scan6;
  private volatile Kernels scan8;
  private volatile Kernels nearest;

  SelectedKernels(Kernels everywhere) {
    choose(everywhere, everywhere, everywhere, everywhere);
  }

  void choose(Kernels scan4, Kernels scan6, Kernels scan8, Kernels nearest) {
    this.scan4 = scan4;
    this.scan6 = scan6;
    this.scan8 = scan8;
    this.nearest = nearest;
  }

  @Override
  public String name() {
    return scan4 == scan6 && scan6 == scan8 && scan8 == nearest
        ? nearest.name()
        : "scan4 %s, scan6 %s, scan8 %s, nearest %s"
            .formatted(scan4.name(), scan6.name(), scan8.name(), nearest.name());
  }

  private Kernels scanner(int bits) {
    return switch (bits) {
      case 8 -> scan8;
      case 6 -> scan6;
      case 4 -> scan4;
      default -> throw BlockLayout.unknownBits(bits);
    };
  }

  @Override
  public boolean scan(
      int bits, byte[] codes, int offset, int rows, byte[] table, int threshold, BlockSums out) {
    return scanner(bits).scan(bits, codes, offset, rows, table, threshold, out);
  }

  @Override
  public boolean scan(
      int bits,
      MemorySegment codes,
      long offset,
      int rows,
      byte[] table,
      int threshold,
      BlockSums out) {
    return scanner(bits).scan(bits, codes, offset, rows, table, threshold, out);
  }

  @Override
  public float sum(int bits, float[] table, byte[] codes, int offset, int m) {
    return nearest.sum(bits, table, codes, offset, m);
  }

  @Override
  public float sum(int bits, float[] table, MemorySegment codes, long offset, int m) {
    return nearest.sum(bits, table, codes, offset, m);
  }

  @Override
  public void sum4(
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
    nearest.sum4(bits, table, codes, offset0, offset1, offset2, offset3, m, out, outOffset);
  }

  @Override
  public void sum4(
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
    nearest.sum4(bits, table, codes, offset0, offset1, offset2, offset3, m, out, outOffset);
  }

  @Override
  public int nearest(float[] x, int offset, Centroids centroids) {
    return nearest.nearest(x, offset, centroids);
  }

  @Override
  public void nearest(
      float[] points,
      int offset,
      int stride,
      int count,
      Centroids centroids,
      int[] assignment,
      int assignmentOffset,
      float[] minimum) {
    nearest.nearest(
        points, offset, stride, count, centroids, assignment, assignmentOffset, minimum);
  }

  @Override
  public void addProducts(
      float[] x,
      int xOffset,
      int count,
      float[] rows,
      int rowsOffset,
      int width,
      float[] sums,
      int sumsOffset) {
    nearest.addProducts(x, xOffset, count, rows, rowsOffset, width, sums, sumsOffset);
  }

  @Override
  public void toBytes(
      float[] values,
      int offset,
      int count,
      float low,
      float perStep,
      int largest,
      byte[] bytes,
      int bytesOffset) {
    nearest.toBytes(values, offset, count, low, perStep, largest, bytes, bytesOffset);
  }

  @Override
  public float dot(float[] a, float[] b) {
    return nearest.dot(a, b);
  }

  @Override
  public float squareDistance(float[] a, float[] b) {
    return nearest.squareDistance(a, b);
  }

  @Override
  public float cosine(float[] a, float[] b) {
    return nearest.cosine(a, b);
  }

  @Override
  public void compareRows(
      RowComparison what,
      float[] query,
      MemorySegment rows,
      int[] numbers,
      int count,
      float[] out,
      float[] scratch) {
    nearest.compareRows(what, query, rows, numbers, count, out, scratch);
  }
}
