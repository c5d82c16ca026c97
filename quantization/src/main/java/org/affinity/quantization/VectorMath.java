/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

/** The few operations on dense vectors the quantizers share. Inputs are never changed. */
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
    if (a.length != b.length) {
      throw new IllegalArgumentException("lengths differ: " + a.length + " and " + b.length);
    }
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double d = (double) a[i] - b[i];
      sum += d * d;
    }
    return sum;
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
