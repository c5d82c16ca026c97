/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

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
    checkLengths(a, b);
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int i = 0;
    for (; i <= a.length - 8; i += 8) {
      s0 += a[i] * b[i];
      s1 += a[i + 1] * b[i + 1];
      s2 += a[i + 2] * b[i + 2];
      s3 += a[i + 3] * b[i + 3];
      s4 += a[i + 4] * b[i + 4];
      s5 += a[i + 5] * b[i + 5];
      s6 += a[i + 6] * b[i + 6];
      s7 += a[i + 7] * b[i + 7];
    }
    float rest = 0;
    for (; i < a.length; i++) {
      rest += a[i] * b[i];
    }
    return (s0 + s4) + (s1 + s5) + ((s2 + s6) + (s3 + s7)) + rest;
  }

  /** Returns ‖a − b‖² of two vectors of one length, the same bits every time. */
  public static float squareDistance(float[] a, float[] b) {
    checkLengths(a, b);
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (; i <= a.length - 4; i += 4) {
      float d0 = a[i] - b[i];
      float d1 = a[i + 1] - b[i + 1];
      float d2 = a[i + 2] - b[i + 2];
      float d3 = a[i + 3] - b[i + 3];
      s0 += d0 * d0;
      s1 += d1 * d1;
      s2 += d2 * d2;
      s3 += d3 * d3;
    }
    float rest = 0;
    for (; i < a.length; i++) {
      float d = a[i] - b[i];
      rest += d * d;
    }
    return (s0 + s2) + (s1 + s3) + rest;
  }

  /**
   * Returns the cosine of two vectors of one length, -1 to 1, the same bits every time. Adds in
   * double precision, so that no finite vector over- or underflows. NaN if one of them is zero.
   */
  public static float cosine(float[] a, float[] b) {
    checkLengths(a, b);
    double dot = 0;
    double normA = 0;
    double normB = 0;
    for (int i = 0; i < a.length; i++) {
      double x = a[i];
      double y = b[i];
      dot += x * y;
      normA += x * x;
      normB += y * y;
    }
    return (float) Math.clamp(dot / (Math.sqrt(normA) * Math.sqrt(normB)), -1.0, 1.0);
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
