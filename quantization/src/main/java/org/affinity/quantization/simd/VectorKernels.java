/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * What the Vector API implementations share: nearest centroids and sums of rows, at the machine's
 * best width.
 */
abstract class VectorKernels extends BaseKernels {

  /**
   * Bytes between rows. A constant that must not look like one: see {@link HeapScan512} about
   * unrolled loops.
   */
  protected int stride = BlockLayout.VECTORS;

  @Override
  public final int nearest(float[] x, int offset, Centroids centroids) {
    Objects.checkFromIndexSize(offset, centroids.dimension(), x.length);
    return NearestOne.nearest(x, offset, centroids);
  }

  @Override
  public final void nearest(
      float[] points,
      int offset,
      int stride,
      int count,
      Centroids centroids,
      int[] assignment,
      int assignmentOffset,
      float[] minimum) {
    checkPoints(points, offset, stride, count, centroids, assignment, assignmentOffset, minimum);
    NearestMany.nearest(
        points, offset, stride, count, centroids, assignment, assignmentOffset, minimum);
  }

  @Override
  public final void addProducts(
      float[] x,
      int xOffset,
      int count,
      float[] rows,
      int rowsOffset,
      int width,
      float[] sums,
      int sumsOffset) {
    checkRows(x, xOffset, count, rows, rowsOffset, width, sums, sumsOffset);
    RowProducts.add(x, xOffset, count, rows, rowsOffset, width, sums, sumsOffset);
  }

  @Override
  public final void toBytes(
      float[] values,
      int offset,
      int count,
      float low,
      float perStep,
      int largest,
      byte[] bytes,
      int bytesOffset) {
    checkBytes(values, offset, count, bytes, bytesOffset);
    Scale.toBytes(values, offset, count, low, perStep, largest, bytes, bytesOffset);
  }

  @Override
  public final void compareRows(
      RowComparison what,
      float[] query,
      MemorySegment rows,
      int[] numbers,
      int count,
      float[] out,
      float[] scratch) {
    checkNumbers(query, rows, numbers, count, out, scratch);
    if (NativeSegments.isNative(rows)) {
      RowComparisons.compare(what, query, rows, numbers, count, out);
    } else {
      compareCopies(what, query, rows, numbers, count, out, scratch);
    }
  }

  @Override
  public final float dot(float[] a, float[] b) {
    checkLengths(a, b);
    return VectorPairs.dot(a, b);
  }

  @Override
  public final float squareDistance(float[] a, float[] b) {
    checkLengths(a, b);
    return VectorPairs.squareDistance(a, b);
  }

  @Override
  public final float cosine(float[] a, float[] b) {
    checkLengths(a, b);
    return VectorPairs.cosine(a, b);
  }
}
