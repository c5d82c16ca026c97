/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import org.affinity.quantization.simd.RowComparison;

/**
 * The few operations on dense vectors that quantizers and exact scores share. Inputs are never
 * changed.
 *
 * <p>{@link #dot}, {@link #squareDistance} and {@link #cosine} add in one fixed order, interleaved
 * sums and a fixed tree over them, so the same two vectors give the same bits on every machine, in
 * every process, interpreted or compiled. A reduction of the Vector API promises less: its order
 * "may vary over time, even on the same input values".
 */
public final class VectorMath {

  private VectorMath() {}

  /** Returns ‖v‖², accumulated in double precision. */
  public static double squaredNorm(float[] v) {
    double sum = 0;
    for (float x : v) {
      sum += (double) x * x;
    }
    return sum;
  }

  /** Returns ‖a − b‖² of two vectors of one length, accumulated in double precision. */
  public static double squaredDistance(float[] a, float[] b) {
    checkLengths(a, b);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double d = (double) a[i] - b[i];
      sum += d * d;
    }
    return sum;
  }

  /** Returns the inner product of two vectors of one length, the same bits every time. */
  public static float dot(float[] a, float[] b) {
    return RowComparison.DOT.of(a, b);
  }

  /** Returns ‖a − b‖² of two vectors of one length, the same bits every time. */
  public static float squareDistance(float[] a, float[] b) {
    return RowComparison.SQUARE_DISTANCE.of(a, b);
  }

  /**
   * Returns the cosine of two vectors of one length, -1 to 1, the same bits every time. Adds in
   * double precision, so that no finite vector over- or underflows. NaN if one of them is zero.
   */
  public static float cosine(float[] a, float[] b) {
    return RowComparison.COSINE.of(a, b);
  }

  private static void checkLengths(float[] a, float[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException("lengths differ: " + a.length + " and " + b.length);
    }
  }

  /** Returns v/‖v‖ in a new array; a zero vector stays zero. */
  public static float[] normalized(float[] v) {
    float[] unit = new float[v.length];
    normalize(v, unit);
    return unit;
  }

  /** Writes v/‖v‖ to {@code unit} (which may be {@code v} itself); a zero vector stays zero. */
  public static void normalize(float[] v, float[] unit) {
    double norm = Math.sqrt(squaredNorm(v));
    double scale = norm == 0 ? 0 : 1 / norm;
    for (int i = 0; i < v.length; i++) {
      unit[i] = (float) (v[i] * scale);
    }
  }
}
