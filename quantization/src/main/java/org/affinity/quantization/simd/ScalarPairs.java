/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

/**
 * Two vectors of one length, in plain Java: four lanes at a time, each of its own pass over every
 * 16th (in double precision every 8th) value. See {@link Kernels#dot} for the order of additions.
 */
final class ScalarPairs {

  /** Lanes of float sums, and of double sums. */
  static final int FLOATS = 16;

  static final int DOUBLES = 8;

  private ScalarPairs() {}

  static float dot(float[] a, float[] b) {
    int end = a.length - a.length % FLOATS;
    float sum =
        (dotOfFour(a, b, 0, end) + dotOfFour(a, b, 4, end))
            + (dotOfFour(a, b, 8, end) + dotOfFour(a, b, 12, end));
    return sum + dotFrom(a, b, end);
  }

  /** Of the values left over. */
  static float dotFrom(float[] a, float[] b, int from) {
    float sum = 0;
    for (int i = from; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static float dotOfFour(float[] a, float[] b, int lane, int end) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    for (int i = lane; i < end; i += FLOATS) {
      s0 += a[i] * b[i];
      s1 += a[i + 1] * b[i + 1];
      s2 += a[i + 2] * b[i + 2];
      s3 += a[i + 3] * b[i + 3];
    }
    return (s0 + s1) + (s2 + s3);
  }

  static float squareDistance(float[] a, float[] b) {
    int end = a.length - a.length % FLOATS;
    float sum =
        (distanceOfFour(a, b, 0, end) + distanceOfFour(a, b, 4, end))
            + (distanceOfFour(a, b, 8, end) + distanceOfFour(a, b, 12, end));
    return sum + distanceFrom(a, b, end);
  }

  /** Of the values left over. */
  static float distanceFrom(float[] a, float[] b, int from) {
    float sum = 0;
    for (int i = from; i < a.length; i++) {
      float d = a[i] - b[i];
      sum += d * d;
    }
    return sum;
  }

  private static float distanceOfFour(float[] a, float[] b, int lane, int end) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    for (int i = lane; i < end; i += FLOATS) {
      float d0 = a[i] - b[i];
      float d1 = a[i + 1] - b[i + 1];
      float d2 = a[i + 2] - b[i + 2];
      float d3 = a[i + 3] - b[i + 3];
      s0 += d0 * d0;
      s1 += d1 * d1;
      s2 += d2 * d2;
      s3 += d3 * d3;
    }
    return (s0 + s1) + (s2 + s3);
  }

  static float cosine(float[] a, float[] b) {
    return cosine(doubleDot(a, b), doubleDot(a, a), doubleDot(b, b));
  }

  static float cosine(double dot, double squaredNormA, double squaredNormB) {
    return (float) Math.clamp(dot / (Math.sqrt(squaredNormA) * Math.sqrt(squaredNormB)), -1.0, 1.0);
  }

  static double doubleDot(float[] a, float[] b) {
    int end = a.length - a.length % DOUBLES;
    double sum = doubleDotOfFour(a, b, 0, end) + doubleDotOfFour(a, b, 4, end);
    return sum + doubleDotFrom(a, b, end);
  }

  /** Of the values left over. */
  static double doubleDotFrom(float[] a, float[] b, int from) {
    double sum = 0;
    for (int i = from; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static double doubleDotOfFour(float[] a, float[] b, int lane, int end) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    for (int i = lane; i < end; i += DOUBLES) {
      s0 += (double) a[i] * b[i];
      s1 += (double) a[i + 1] * b[i + 1];
      s2 += (double) a[i + 2] * b[i + 2];
      s3 += (double) a[i + 3] * b[i + 3];
    }
    return (s0 + s1) + (s2 + s3);
  }
}
