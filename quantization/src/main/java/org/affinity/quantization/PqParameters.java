/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

/**
 * The shape of a product quantizer: {@code dimension} split into {@code m} subspaces, one byte of
 * code each.
 *
 * <p>A dimension that m does not divide is split as evenly as possible: the first {@code dimension
 * mod m} subspaces hold one dimension more than the others.
 *
 * @param dimension length of the vectors, at least 1
 * @param m number of subspaces and bytes per code, between 1 and {@code dimension}
 */
public record PqParameters(int dimension, int m) {

  /** Below this dimension the automatic m keeps 16 : 1, from it on 32 : 1. */
  private static final int HIGH_DIMENSION = 256;

  public PqParameters {
    if (dimension < 1) {
      throw new IllegalArgumentException("dimension must be at least 1, got " + dimension);
    }
    if (m < 1 || m > dimension) {
      throw new IllegalArgumentException(
          "m must be between 1 and the dimension " + dimension + ", got " + m);
    }
  }

  /**
   * The default for a dimension: float32 vectors become 16 times smaller below 256 dimensions and
   * 32 times smaller from there on, where neighbouring dimensions carry less each.
   */
  public static PqParameters forDimension(int dimension) {
    int dimensionsPerByte = dimension < HIGH_DIMENSION ? 4 : 8;
    int m = (dimension + dimensionsPerByte - 1) / dimensionsPerByte;
    return new PqParameters(dimension, Math.max(1, m));
  }

  /** First dimension of subspace {@code s}; {@code offset(m)} is the dimension. */
  public int offset(int s) {
    int size = dimension / m;
    return s * size + Math.min(s, dimension % m);
  }

  /** Number of dimensions of subspace {@code s}. */
  public int size(int s) {
    return offset(s + 1) - offset(s);
  }
}
