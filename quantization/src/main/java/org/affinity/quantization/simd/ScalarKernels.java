/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Plain Java: for every JVM, and what the others are compared with. */
final class ScalarKernels extends BaseKernels {

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  boolean scanHeap(
      int bits, byte[] codes, int offset, int rows, byte[] table, int threshold, BlockSums out) {
    short[] sums = out.pending;
    switch (bits) {
      case 8 -> ScalarScan.sum8(codes, offset, rows, table, sums);
      case 6 -> ScalarScan.sum6(codes, offset, rows, table, sums);
      default -> ScalarScan.sum4(codes, offset, rows, table, sums);
    }
    long mask0 = ScalarScan.mask(sums, 0, threshold);
    long mask1 = ScalarScan.mask(sums, 64, threshold);
    if ((mask0 | mask1) == 0) {
      return false;
    }
    System.arraycopy(sums, 0, out.sums, 0, sums.length);
    out.mask0 = mask0;
    out.mask1 = mask1;
    return true;
  }

  /** The copy costs little next to the look-ups, and one loop serves all memory. */
  @Override
  boolean scanNative(
      int bits,
      MemorySegment codes,
      long offset,
      int rows,
      byte[] table,
      int threshold,
      BlockSums out) {
    return scanCopy(bits, codes, offset, rows, table, threshold, out);
  }

  @Override
  public int nearest(float[] x, int offset, Centroids centroids) {
    Objects.checkFromIndexSize(offset, centroids.dimension(), x.length);
    return nearest(x, offset, centroids, null, 0);
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
    checkPoints(points, offset, stride, count, centroids, assignment, assignmentOffset, minimum);
    for (int i = 0; i < count; i++) {
      assignment[assignmentOffset + i] =
          nearest(points, offset + i * stride, centroids, minimum, assignmentOffset + i);
    }
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
    checkRows(x, xOffset, count, rows, rowsOffset, width, sums, sumsOffset);
    for (int d = 0; d < count; d++) {
      float factor = x[xOffset + d];
      int row = rowsOffset + d * width;
      for (int c = 0; c < width; c++) {
        sums[sumsOffset + c] += factor * rows[row + c];
      }
    }
  }

  /** Four centroids at a time, so that the subtractions of one hide behind those of the others. */
  private static int nearest(
      float[] x, int offset, Centroids centroids, float[] minimum, int minimumIndex) {
    int size = centroids.size();
    int dimension = centroids.dimension();
    float[] coordinates = centroids.coordinates();
    float[] norms = centroids.halfSquaredNorms();
    int norm = centroids.normsOffset();
    float best = Float.POSITIVE_INFINITY;
    int nearest = 0;
    for (int c = 0; c < size; c += 4) {
      float t0 = norms[norm + c];
      float t1 = norms[norm + c + 1];
      float t2 = norms[norm + c + 2];
      float t3 = norms[norm + c + 3];
      int at = centroids.coordinatesOffset() + c;
      for (int d = 0; d < dimension; d++, at += size) {
        float value = x[offset + d];
        t0 -= value * coordinates[at];
        t1 -= value * coordinates[at + 1];
        t2 -= value * coordinates[at + 2];
        t3 -= value * coordinates[at + 3];
      }
      if (t0 < best) {
        best = t0;
        nearest = c;
      }
      if (t1 < best) {
        best = t1;
        nearest = c + 1;
      }
      if (t2 < best) {
        best = t2;
        nearest = c + 2;
      }
      if (t3 < best) {
        best = t3;
        nearest = c + 3;
      }
    }
    if (minimum != null) {
      minimum[minimumIndex] = best;
    }
    return nearest;
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
    checkBytes(values, offset, count, bytes, bytesOffset);
    for (int i = 0; i < count; i++) {
      bytes[bytesOffset + i] = toByte(values[offset + i], low, perStep, largest);
    }
  }

  static byte toByte(float value, float low, float perStep, int largest) {
    return (byte) (int) Math.min(largest, Math.max(0, (value - low) * perStep + 0.5f));
  }

  @Override
  public float dot(float[] a, float[] b) {
    checkLengths(a, b);
    return ScalarPairs.dot(a, b);
  }

  @Override
  public float squareDistance(float[] a, float[] b) {
    checkLengths(a, b);
    return ScalarPairs.squareDistance(a, b);
  }

  @Override
  public float cosine(float[] a, float[] b) {
    checkLengths(a, b);
    return ScalarPairs.cosine(a, b);
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
    checkNumbers(query, rows, numbers, count, out, scratch);
    compareCopies(what, query, rows, numbers, count, out, scratch);
  }
}
