/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import java.util.Arrays;
import java.util.List;
import org.affinity.quantization.simd.KernelSelection;

/**
 * An orthogonal map of vectors, made of square blocks along the diagonal and a permutation of what
 * comes out of them. Inner products, norms and distances stay what they are. Immutable and safe for
 * use by any number of threads.
 *
 * <p>{@link Axes#balanced} is OPQ-P of T. Ge, K. He, Q. Ke, J. Sun, <i>Optimized Product
 * Quantization</i>, IEEE TPAMI 36(4), 2014, §3.3: the principal axes, dealt out so that all
 * subspaces get the same product of variances. It decorrelates the subspaces and gives each the
 * same work.
 *
 * <p>Up to {@value #LARGEST_BLOCK} dimensions there is one block; longer vectors get blocks of
 * {@value #BLOCK_OF_MANY} neighbouring dimensions (and their axes are still dealt out over all
 * subspaces), which bounds the time O(d · block²) and the memory, 4 · d · block bytes. Applying
 * costs d · block multiply-adds.
 */
final class Rotation {

  static final int LARGEST_BLOCK = 1024;
  static final int BLOCK_OF_MANY = 256;

  /** Vectors whose products are added up in float32. */
  private static final int BATCH = 256;

  private final int dimension;

  /** Dimensions of every block but perhaps the last. */
  private final int block;

  /**
   * Row j, from {@code j · block} on: where the j-th coordinate of a vector goes in its block, so
   * that applying adds whole rows.
   */
  private final float[] rows;

  /** {@code target[i]}: where the i-th output of the blocks ends up. */
  private final int[] target;

  /**
   * @param rows {@code [dimension][block]}
   * @param target a permutation of 0 to dimension − 1
   * @throws IllegalArgumentException if {@code target} is no permutation or a value of {@code rows}
   *     is not a number between -1 and 1, with a little room for rounding
   */
  Rotation(int dimension, int block, float[] rows, int[] target) {
    this.dimension = dimension;
    this.block = block;
    this.rows = rows;
    this.target = target;
    boolean[] taken = new boolean[dimension];
    for (int to : target) {
      if (to < 0 || to >= dimension || taken[to]) {
        throw new IllegalArgumentException("the rotation's targets are no permutation");
      }
      taken[to] = true;
    }
    for (float value : rows) {
      if (!(Math.abs(value) <= 1.001f)) {
        throw new IllegalArgumentException(value + " cannot stand in an orthogonal matrix");
      }
    }
  }

  /** Dimensions per block for vectors of {@code dimension}. */
  static int blockOf(int dimension) {
    return dimension <= LARGEST_BLOCK ? dimension : BLOCK_OF_MANY;
  }

  /**
   * The principal axes of a sample, block by block.
   *
   * @param variances by axis, times the sample's size
   * @param rows as a rotation takes them
   */
  record Axes(double[] variances, float[] rows) {

    /**
     * Learns them.
     *
     * @param sample around zero
     */
    static Axes of(List<float[]> sample) {
      int dimension = sample.get(0).length;
      int block = blockOf(dimension);
      double[] variances = new double[dimension];
      float[] rows = new float[dimension * block];
      for (int from = 0; from < dimension; from += block) {
        int size = Math.min(block, dimension - from);
        SymmetricEigen eigen = new SymmetricEigen(covariance(sample, from, size));
        System.arraycopy(eigen.values(), 0, variances, from, size);
        for (int axis = 0; axis < size; axis++) {
          for (int j = 0; j < size; j++) {
            rows[(from + j) * block + axis] = (float) eigen.vectors()[axis][j];
          }
        }
      }
      return new Axes(variances, rows);
    }

    /** Deals the axes out so that the subspaces of {@code split} are balanced. */
    Rotation balanced(PqParameters split) {
      int dimension = split.dimension();
      return new Rotation(dimension, blockOf(dimension), rows, deal(variances, split));
    }
  }

  /** Sums of products, batch by batch: float sums within a batch, double over all. */
  private static double[][] covariance(List<float[]> sample, int from, int size) {
    double[][] sums = new double[size][size];
    float[] rows = new float[BATCH * size];
    float[] columns = new float[BATCH * size];
    float[] batch = new float[size];
    for (int first = 0; first < sample.size(); first += BATCH) {
      int count = Math.min(BATCH, sample.size() - first);
      for (int v = 0; v < count; v++) {
        System.arraycopy(sample.get(first + v), from, rows, v * size, size);
        for (int i = 0; i < size; i++) {
          columns[i * BATCH + v] = rows[v * size + i];
        }
      }
      for (int i = 0; i < size; i++) {
        Arrays.fill(batch, 0);
        KernelSelection.best().addProducts(columns, i * BATCH, count, rows, 0, size, batch, 0);
        for (int j = 0; j < size; j++) {
          sums[i][j] += batch[j];
        }
      }
    }
    return sums;
  }

  /** Largest variance first, each to the subspace with room whose product is smallest so far. */
  private static int[] deal(double[] variances, PqParameters parameters) {
    Integer[] order = new Integer[variances.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Double.compare(variances[b], variances[a]));
    double floor = Math.max(Double.MIN_NORMAL, variances[order[0]] * 1e-12);
    double[] logProduct = new double[parameters.m()];
    int[] used = new int[parameters.m()];
    int[] target = new int[variances.length];
    for (int axis : order) {
      int to = -1;
      for (int s = 0; s < parameters.m(); s++) {
        if (used[s] < parameters.size(s) && (to < 0 || logProduct[s] < logProduct[to])) {
          to = s;
        }
      }
      target[axis] = parameters.offset(to) + used[to];
      used[to]++;
      // Relative to the floor all logarithms are positive, so a subspace with room comes last.
      logProduct[to] += StrictMath.log(Math.max(variances[axis], floor) / floor);
    }
    return target;
  }

  /**
   * Writes the rotated {@code x} to {@code y}, another array.
   *
   * @param turned room for {@link #block()} values
   */
  void apply(float[] x, float[] y, float[] turned) {
    for (int from = 0; from < dimension; from += block) {
      int size = Math.min(block, dimension - from);
      Arrays.fill(turned, 0);
      KernelSelection.best().addProducts(x, from, size, rows, from * block, block, turned, 0);
      for (int i = 0; i < size; i++) {
        y[target[from + i]] = turned[i];
      }
    }
  }

  /** Writes to {@code x} what {@link #apply} turns into {@code y}. */
  void invert(float[] y, float[] x) {
    for (int from = 0; from < dimension; from += block) {
      int size = Math.min(block, dimension - from);
      for (int j = from; j < from + size; j++) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
          sum += (double) rows[j * block + i] * y[target[from + i]];
        }
        x[j] = (float) sum;
      }
    }
  }

  /** Dimensions of every block but perhaps the last. */
  int block() {
    return block;
  }

  /** The matrix rows as the constructor takes them, not a copy. */
  float[] rows() {
    return rows;
  }

  /** The permutation as the constructor takes it, not a copy. */
  int[] target() {
    return target;
  }

  long ramBytesUsed() {
    return (long) Float.BYTES * (rows.length + target.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Rotation that
        && Arrays.equals(rows, that.rows)
        && Arrays.equals(target, that.target);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(rows);
  }
}
