/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import org.affinity.quantization.simd.BlockLayout;

/**
 * The shape of a product quantizer: {@code dimension} split into {@code m} subspaces, {@code bits}
 * of code each.
 *
 * <p>A dimension that m does not divide is split as evenly as possible: the first {@code dimension
 * mod m} subspaces hold one dimension more than the others.
 *
 * @param dimension length of the vectors, at least 1
 * @param m number of subspaces, between 1 and {@code dimension}, at most {@value #MAXIMUM_M}
 * @param bits of code per subspace: 8, the format; 4 where a machine has no fast look-up of 256
 *     entries; 6 for budgets in between
 */
public record PqParameters(int dimension, int m, int bits) {

  /** Sums of byte tables are kept in 16 bits, so every entry must have at least 6 of them. */
  public static final int MAXIMUM_M = 1024;

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
    if (m > MAXIMUM_M) {
      throw new IllegalArgumentException("m must be at most " + MAXIMUM_M + ", got " + m);
    }
    if (bits != 4 && bits != 6 && bits != 8) {
      throw new IllegalArgumentException("bits must be 4, 6 or 8, got " + bits);
    }
  }

  /** 8 bits per subspace. */
  public PqParameters(int dimension, int m) {
    this(dimension, m, 8);
  }

  /**
   * The default for a dimension: float32 vectors become 16 times smaller below 256 dimensions and
   * 32 times smaller from there on, where neighbouring dimensions carry less each.
   */
  public static PqParameters forDimension(int dimension) {
    return forCompression(dimension, dimension < HIGH_DIMENSION ? 16 : 32);
  }

  /**
   * 8-bit codes that are {@code level} times smaller than float32 vectors, rounded up to a byte.
   *
   * @param level at least 4, where every dimension has a code of its own
   */
  public static PqParameters forCompression(int dimension, int level) {
    if (level < Float.BYTES) {
      throw new IllegalArgumentException(
          "product quantization compresses at least 4 times, got level " + level);
    }
    long bytes = Math.ceilDiv((long) Float.BYTES * dimension, level);
    return new PqParameters(dimension, Math.clamp(bytes, 1, MAXIMUM_M));
  }

  /** Centroids per subspace (k* of the paper): what a code can name. */
  public int centroids() {
    return 1 << bits;
  }

  /** Bytes of the m codes of one vector, packed. */
  public int codeLength() {
    return BlockLayout.codeLength(m, bits);
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
