/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

/**
 * What is made of two vectors, in one fixed order of additions: interleaved sums, lane i mod n of
 * them taking coordinate i, a fixed tree over these, and last what does not fill all lanes.
 */
public enum RowComparison {
  /** Inner product: 8 sums. */
  DOT,

  /** ‖a − b‖²: 4 sums. */
  SQUARE_DISTANCE,

  /**
   * Cosine, -1 to 1: 8 sums in double precision, of products and of squares; NaN if a vector is
   * zero.
   */
  COSINE;

  /** Compares two vectors of one length. */
  public float of(float[] a, float[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException("lengths differ: " + a.length + " and " + b.length);
    }
    return switch (this) {
      case DOT -> dot(a, b);
      case SQUARE_DISTANCE -> squareDistance(a, b);
      case COSINE -> cosine(product(a, b), product(a, a), product(b, b));
    };
  }

  private static float dot(float[] a, float[] b) {
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

  private static float squareDistance(float[] a, float[] b) {
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

  /** The inner product in double precision, in which no product of floats over- or underflows. */
  static double product(float[] a, float[] b) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int i = 0;
    for (; i <= a.length - 8; i += 8) {
      s0 += (double) a[i] * b[i];
      s1 += (double) a[i + 1] * b[i + 1];
      s2 += (double) a[i + 2] * b[i + 2];
      s3 += (double) a[i + 3] * b[i + 3];
      s4 += (double) a[i + 4] * b[i + 4];
      s5 += (double) a[i + 5] * b[i + 5];
      s6 += (double) a[i + 6] * b[i + 6];
      s7 += (double) a[i + 7] * b[i + 7];
    }
    double rest = 0;
    for (; i < a.length; i++) {
      rest += (double) a[i] * b[i];
    }
    return (s0 + s4) + (s1 + s5) + ((s2 + s6) + (s3 + s7)) + rest;
  }

  static float cosine(double product, double squaredNormA, double squaredNormB) {
    return (float)
        Math.clamp(product / (Math.sqrt(squaredNormA) * Math.sqrt(squaredNormB)), -1.0, 1.0);
  }
}
