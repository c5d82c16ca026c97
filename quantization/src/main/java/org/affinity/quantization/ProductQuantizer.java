/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import java.util.Arrays;

/**
 * An immutable product quantizer: per subspace a codebook of {@value #CENTROIDS} centroids; a
 * vector becomes the numbers of its nearest centroids, one unsigned byte per subspace.
 *
 * <p>Safe for use by any number of threads. Encoding a vector costs {@code dimension · 256}
 * multiply-adds, in loops over contiguous centroids that the JIT turns into SIMD.
 *
 * <p>Memory: {@code dimension · 1 KiB + m · 1 KiB}.
 */
public final class ProductQuantizer {

  /** Centroids per subspace (k* of the paper): what one byte can name. */
  public static final int CENTROIDS = 256;

  private final PqParameters parameters;

  /** Subspace after subspace, each {@code [its dimensions][CENTROIDS]}. */
  private final float[] centroids;

  /** ‖c‖²/2 of every centroid, {@code [m][CENTROIDS]}. */
  private final float[] halfSquaredNorms;

  /**
   * @param centroids {@code dimension · 256} finite values, subspace after subspace, each {@code
   *     [its dimensions][256]}; the array is copied
   * @throws IllegalArgumentException for a wrong length or a value that is not finite
   */
  public ProductQuantizer(PqParameters parameters, float[] centroids) {
    this.parameters = parameters;
    if (centroids.length != parameters.dimension() * CENTROIDS) {
      throw new IllegalArgumentException(
          "a codebook of dimension "
              + parameters.dimension()
              + " has "
              + (parameters.dimension() * CENTROIDS)
              + " values, got "
              + centroids.length);
    }
    for (float value : centroids) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException("a centroid holds " + value + ", not a finite number");
      }
    }
    this.centroids = centroids.clone();
    this.halfSquaredNorms = new float[parameters.m() * CENTROIDS];
    for (int s = 0; s < parameters.m(); s++) {
      for (int row = parameters.offset(s); row < parameters.offset(s + 1); row++) {
        for (int c = 0; c < CENTROIDS; c++) {
          float value = this.centroids[row * CENTROIDS + c];
          halfSquaredNorms[s * CENTROIDS + c] += 0.5f * value * value;
        }
      }
    }
  }

  public PqParameters parameters() {
    return parameters;
  }

  /** Bytes per code: m. */
  public int codeLength() {
    return parameters.m();
  }

  /** A copy of the codebooks in the layout the constructor takes. */
  public float[] centroids() {
    return centroids.clone();
  }

  /** Heap held by the codebooks, in bytes. */
  public long ramBytesUsed() {
    return (long) Float.BYTES * (centroids.length + halfSquaredNorms.length);
  }

  /**
   * Writes the code of {@code vector}: in every subspace the nearest centroid by L2 distance, the
   * lowest number on a tie.
   *
   * @param vector {@code dimension} values
   * @param code receives m bytes from {@code offset}
   */
  public void encode(float[] vector, byte[] code, int offset) {
    checkDimension(vector);
    float[] distances = new float[CENTROIDS];
    for (int s = 0; s < parameters.m(); s++) {
      System.arraycopy(halfSquaredNorms, s * CENTROIDS, distances, 0, CENTROIDS);
      for (int row = parameters.offset(s); row < parameters.offset(s + 1); row++) {
        subtractProducts(vector[row], centroids, row * CENTROIDS, distances);
      }
      code[offset + s] = (byte) indexOfMinimum(distances);
    }
  }

  /** Writes the {@code dimension} values that the code at {@code offset} stands for. */
  public void decode(byte[] code, int offset, float[] vector) {
    checkDimension(vector);
    for (int s = 0; s < parameters.m(); s++) {
      int centroid = Byte.toUnsignedInt(code[offset + s]);
      for (int row = parameters.offset(s); row < parameters.offset(s + 1); row++) {
        vector[row] = centroids[row * CENTROIDS + centroid];
      }
    }
  }

  /** Binds a query: the table's sum over a code is the inner product with the decoded vector. */
  public DistanceTable innerProducts(float[] query) {
    checkDimension(query);
    float[] table = new float[parameters.m() * CENTROIDS];
    for (int s = 0; s < parameters.m(); s++) {
      for (int row = parameters.offset(s); row < parameters.offset(s + 1); row++) {
        addProducts(query[row], row * CENTROIDS, table, s * CENTROIDS);
      }
    }
    return new DistanceTable(table);
  }

  /**
   * Binds a query: the table's sum over a code is the squared L2 distance to the decoded vector.
   */
  public DistanceTable squaredDistances(float[] query) {
    checkDimension(query);
    float[] table = new float[parameters.m() * CENTROIDS];
    for (int s = 0; s < parameters.m(); s++) {
      for (int row = parameters.offset(s); row < parameters.offset(s + 1); row++) {
        addSquaredDifferences(query[row], row * CENTROIDS, table, s * CENTROIDS);
      }
    }
    return new DistanceTable(table);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ProductQuantizer that
        && parameters.equals(that.parameters)
        && Arrays.equals(centroids, that.centroids);
  }

  @Override
  public int hashCode() {
    return 31 * parameters.hashCode() + Arrays.hashCode(centroids);
  }

  @Override
  public String toString() {
    return "ProductQuantizer[dimension=" + parameters.dimension() + ", m=" + parameters.m() + "]";
  }

  private void checkDimension(float[] vector) {
    if (vector.length != parameters.dimension()) {
      throw new IllegalArgumentException(
          "dimension " + vector.length + ", the quantizer has " + parameters.dimension());
    }
  }

  static void subtractProducts(float x, float[] rows, int from, float[] distances) {
    for (int c = 0; c < CENTROIDS; c++) {
      distances[c] -= x * rows[from + c];
    }
  }

  private void addProducts(float x, int from, float[] table, int to) {
    for (int c = 0; c < CENTROIDS; c++) {
      table[to + c] += x * centroids[from + c];
    }
  }

  private void addSquaredDifferences(float x, int from, float[] table, int to) {
    for (int c = 0; c < CENTROIDS; c++) {
      float d = x - centroids[from + c];
      table[to + c] += d * d;
    }
  }

  static int indexOfMinimum(float[] values) {
    int best = 0;
    float minimum = values[0];
    for (int c = 1; c < values.length; c++) {
      if (values[c] < minimum) {
        minimum = values[c];
        best = c;
      }
    }
    return best;
  }
}
