/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import java.util.Arrays;
import org.affinity.quantization.simd.BlockLayout;
import org.affinity.quantization.simd.Centroids;
import org.affinity.quantization.simd.KernelSelection;
import org.affinity.quantization.simd.Kernels;

/**
 * The centroids of all codes, and what can be done with them in their own coordinates: encode,
 * decode, and the tables that bind a query. Immutable and safe for use by any number of threads.
 *
 * <p>One stage: code s names a centroid of subspace s. Two stages: code 0 names a centroid of the
 * whole vector, code s + 1 one of subspace s of what is left; there are m − 1 subspaces then.
 */
final class Codebook {

  private final PqParameters parameters;
  private final int k;

  /** 1 if the first code is of the whole vector, else 0: the code of the first subspace. */
  private final int first;

  /** The shape of the subspaces. */
  private final PqParameters split;

  /** The whole vectors' centroids if there are two stages, then those of the subspaces. */
  private final float[] centroids;

  /** Views of {@code centroids}, by code. */
  private final Centroids[] codes;

  /**
   * @param centroids {@link #length} finite values: of two stages first the whole vectors' {@code
   *     [dimension][k]}, then subspace after subspace, each {@code [its dimensions][k]}; taken over
   * @throws IllegalArgumentException for a wrong length or a value that is not finite
   */
  Codebook(PqParameters parameters, boolean residual, float[] centroids) {
    this.parameters = parameters;
    this.k = parameters.centroids();
    this.first = residual ? 1 : 0;
    this.split = split(parameters, residual);
    this.centroids = centroids;
    if (centroids.length != length(parameters, residual)) {
      throw new IllegalArgumentException(
          "a codebook of "
              + parameters
              + " has "
              + length(parameters, residual)
              + " values, got "
              + centroids.length);
    }
    for (float value : centroids) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException("a centroid holds " + value + ", not a finite number");
      }
    }
    float[] norms = new float[parameters.m() * k];
    this.codes = new Centroids[parameters.m()];
    for (int code = 0; code < codes.length; code++) {
      int size = size(code);
      halfSquaredNorms(centroids, from(code), size, k, norms, code * k);
      codes[code] = new Centroids(size, k, centroids, from(code), norms, code * k);
    }
  }

  /** The shape of the subspaces of one stage or two. */
  static PqParameters split(PqParameters parameters, boolean residual) {
    return residual
        ? new PqParameters(parameters.dimension(), parameters.m() - 1, parameters.bits())
        : parameters;
  }

  /** Values in a codebook. */
  static int length(PqParameters parameters, boolean residual) {
    return Math.multiplyExact(parameters.dimension() * (residual ? 2 : 1), parameters.centroids());
  }

  /** Where the centroids of a code start. */
  private int from(int code) {
    return code < first ? 0 : (first * parameters.dimension() + offset(code)) * k;
  }

  /** The first dimension that a code is about. */
  private int offset(int code) {
    return code < first ? 0 : split.offset(code - first);
  }

  /** How many dimensions a code is about. */
  private int size(int code) {
    return code < first ? parameters.dimension() : split.size(code - first);
  }

  /** Writes ‖c‖²/2 of the k centroids that start at {@code from}, {@code [dimension][k]}. */
  static void halfSquaredNorms(
      float[] centroids, int from, int dimension, int k, float[] norms, int to) {
    Arrays.fill(norms, to, to + k, 0);
    for (int row = 0; row < dimension; row++) {
      for (int c = 0; c < k; c++) {
        float value = centroids[from + row * k + c];
        norms[to + c] += 0.5f * value * value;
      }
    }
  }

  PqParameters parameters() {
    return parameters;
  }

  /** The centroids as the constructor takes them, not a copy. */
  float[] centroids() {
    return centroids;
  }

  long ramBytesUsed() {
    return (long) Float.BYTES * (centroids.length + parameters.m() * k);
  }

  /**
   * Writes the numbers of the nearest centroids, stage by stage, the lowest on a tie.
   *
   * @param y {@code dimension} coordinates; of two stages what the first leaves is put in their
   *     place
   */
  void encode(float[] y, byte[] record, int offset) {
    Arrays.fill(record, offset, offset + parameters.codeLength(), (byte) 0);
    Kernels kernels = KernelSelection.best();
    for (int code = 0; code < codes.length; code++) {
      int c = kernels.nearest(y, offset(code), codes[code]);
      BlockLayout.setCentroid(record, offset, parameters.bits(), code, c);
      if (code < first) {
        for (int row = 0; row < y.length; row++) {
          y[row] -= centroids[row * k + c];
        }
      }
    }
  }

  /** Writes the {@code dimension} coordinates that the code at {@code offset} stands for. */
  void decode(byte[] record, int offset, float[] y) {
    Arrays.fill(y, 0);
    for (int code = 0; code < codes.length; code++) {
      int c = BlockLayout.centroid(record, offset, parameters.bits(), code);
      int to = offset(code);
      for (int row = 0; row < size(code); row++) {
        y[to + row] += centroids[from(code) + row * k + c];
      }
    }
  }

  /** ⟨q, c⟩ of every code's centroids, {@code [m][k]}. */
  float[] products(float[] q) {
    float[] table = new float[parameters.m() * k];
    for (int code = 0; code < codes.length; code++) {
      products(q, code, table, code * k);
    }
    return table;
  }

  /** Writes ⟨q, c⟩ of one code's k centroids. */
  void products(float[] q, int code, float[] table, int to) {
    Arrays.fill(table, to, to + k, 0);
    KernelSelection.best()
        .addProducts(q, offset(code), size(code), centroids, from(code), k, table, to);
  }

  /** −‖q − c‖² of every subspace's centroids, {@code [m][k]}; for one stage only. */
  float[] negativeDistances(float[] q) {
    float[] table = new float[parameters.m() * k];
    for (int code = 0; code < codes.length; code++) {
      negativeDistances(q, code, table, code * k);
    }
    return table;
  }

  /** Writes −‖q − c‖² of one code's k centroids, in its subspace. */
  void negativeDistances(float[] q, int code, float[] table, int to) {
    int at = offset(code);
    int size = size(code);
    float[] opposite = new float[size];
    float square = 0;
    for (int row = 0; row < size; row++) {
      opposite[row] = -q[at + row];
      square += q[at + row] * q[at + row];
    }
    // ½‖c‖² − ⟨q, c⟩, added up in the table: a loop over two arrays would not be vectorized.
    System.arraycopy(codes[code].halfSquaredNorms(), code * k, table, to, k);
    KernelSelection.best().addProducts(opposite, 0, size, centroids, from(code), k, table, to);
    for (int i = to; i < to + k; i++) {
      table[i] = Math.min(0, -2 * table[i] - square);
    }
  }

  /** The coordinates of centroid c of a code, zero outside its subspace. */
  float[] centroid(int code, int c) {
    float[] centroid = new float[parameters.dimension()];
    for (int row = 0; row < size(code); row++) {
      centroid[offset(code) + row] = centroids[from(code) + row * k + c];
    }
    return centroid;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Codebook that
        && parameters.equals(that.parameters)
        && Arrays.equals(centroids, that.centroids);
  }

  @Override
  public int hashCode() {
    return 31 * parameters.hashCode() + Arrays.hashCode(centroids);
  }
}
