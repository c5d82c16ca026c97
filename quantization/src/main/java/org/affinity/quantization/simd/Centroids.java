/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import java.util.Arrays;
import java.util.Objects;

/**
 * The k centroids of one subspace, coordinate by coordinate: a view of arrays that others may share
 * or rewrite between calls.
 *
 * @param dimension coordinates of a centroid, at least 1
 * @param size k, a positive multiple of 16
 * @param coordinates coordinate d of centroid c is at {@code coordinatesOffset + d * size + c}
 * @param coordinatesOffset see there
 * @param halfSquaredNorms half the squared length of centroid c is at {@code normsOffset + c};
 *     positive infinity there keeps a centroid from ever being nearest
 * @param normsOffset see there
 */
public record Centroids(
    int dimension,
    int size,
    float[] coordinates,
    int coordinatesOffset,
    float[] halfSquaredNorms,
    int normsOffset) {

  /** {@link #size} is a multiple of this. */
  public static final int GRANULARITY = 16;

  /** Checks once what the kernels then rely on. */
  public Centroids {
    if (dimension < 1 || size < 1 || size % GRANULARITY != 0) {
      throw new IllegalArgumentException(
          "dimension [" + dimension + "], size [" + size + "]: size must be a multiple of 16");
    }
    Objects.checkFromIndexSize(
        coordinatesOffset, Math.multiplyExact(dimension, size), coordinates.length);
    Objects.checkFromIndexSize(normsOffset, size, halfSquaredNorms.length);
  }

  /**
   * Transposes centroids that lie one after the other and computes their norms; fills up to a
   * multiple of 16 with centroids that are never nearest.
   *
   * @param rows centroid c is at {@code offset + c * dimension}
   */
  public static Centroids transposed(float[] rows, int offset, int dimension, int count) {
    int size = Math.ceilDiv(count, GRANULARITY) * GRANULARITY;
    float[] coordinates = new float[Math.multiplyExact(dimension, size)];
    float[] norms = new float[size];
    Arrays.fill(norms, count, size, Float.POSITIVE_INFINITY);
    for (int c = 0; c < count; c++) {
      float norm = 0;
      for (int d = 0; d < dimension; d++) {
        float value = rows[offset + c * dimension + d];
        coordinates[d * size + c] = value;
        norm += value * value;
      }
      norms[c] = norm / 2;
    }
    return new Centroids(dimension, size, coordinates, 0, norms, 0);
  }
}
