/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.affinity.quantization.simd.Centroids;
import org.affinity.quantization.simd.KernelSelection;
import org.affinity.quantization.simd.Kernels;

/**
 * Lloyd's k-means for lists of like size. Between rounds the smallest clusters (below a quarter of
 * the mean) give up their place and split the largest, as SPFresh does with its postings (Y. Xu et
 * al., SOSP 2023): a list too long costs every search that scans it. Same points and seed, same
 * centroids.
 *
 * <p>Cost of a round: {@code count · dimension · k} multiply-adds.
 */
final class Clustering {

  private static final int ROUNDS = 8;

  /** The last rounds only move centroids to their means. */
  private static final int SETTLING_ROUNDS = 2;

  /** Points assigned between two looks at whether to go on. */
  private static final int CHUNK = 8192;

  private final float[] points;
  private final int count;
  private final int dimension;
  private final int k;
  private final SplittableRandom random;
  private final float[] rows;
  private final int[] assignment;
  private final int[] sizes;

  private Clustering(float[] points, int count, int dimension, int k, long seed) {
    this.points = points;
    this.count = count;
    this.dimension = dimension;
    this.k = k;
    this.random = new SplittableRandom(seed);
    this.rows = new float[k * dimension];
    this.assignment = new int[count];
    this.sizes = new int[k];
  }

  /**
   * @param points {@code [count][dimension]}, at least k
   * @param assignment takes the last assignment of each point; null if not wanted
   * @return {@code [k][dimension]}
   */
  static float[] cluster(
      float[] points,
      int count,
      int dimension,
      int k,
      long seed,
      int[] assignment,
      AbortCheck abort)
      throws IOException {
    Clustering clustering = new Clustering(points, count, dimension, k, seed);
    clustering.run(abort);
    if (assignment != null) {
      clustering.assign(abort);
      System.arraycopy(clustering.assignment, 0, assignment, 0, count);
    }
    return clustering.rows;
  }

  private void run(AbortCheck abort) throws IOException {
    seed();
    for (int round = 0; round < ROUNDS; round++) {
      if (k > 1) {
        assign(abort);
      }
      update();
      if (k == 1) {
        return;
      }
      if (round < ROUNDS - SETTLING_ROUNDS) {
        balance();
      }
    }
  }

  /** Distinct random points, by the first k steps of a shuffle. */
  private void seed() {
    int[] numbers = new int[count];
    Arrays.setAll(numbers, i -> i);
    for (int c = 0; c < k; c++) {
      int other = random.nextInt(c, count);
      int point = numbers[other];
      numbers[other] = numbers[c];
      numbers[c] = point;
      moveTo(c, point);
    }
  }

  private void moveTo(int c, int point) {
    System.arraycopy(points, point * dimension, rows, c * dimension, dimension);
  }

  private void assign(AbortCheck abort) throws IOException {
    Kernels kernels = KernelSelection.best();
    Centroids centroids = Centroids.transposed(rows, 0, dimension, k);
    for (int from = 0; from < count; from += CHUNK) {
      abort.check();
      int size = Math.min(count - from, CHUNK);
      kernels.nearest(points, from * dimension, dimension, size, centroids, assignment, from, null);
    }
  }

  private void update() {
    double[] sums = new double[k * dimension];
    Arrays.fill(sizes, 0);
    for (int i = 0; i < count; i++) {
      int c = assignment[i];
      sizes[c]++;
      for (int d = 0; d < dimension; d++) {
        sums[c * dimension + d] += points[i * dimension + d];
      }
    }
    for (int c = 0; c < k; c++) {
      if (sizes[c] > 0) {
        for (int d = 0; d < dimension; d++) {
          rows[c * dimension + d] = (float) (sums[c * dimension + d] / sizes[c]);
        }
      }
    }
  }

  private void balance() {
    int mean = Math.max(1, count / k);
    for (int c = 0; c < k; c++) {
      if (sizes[c] >= (mean + 3) / 4) {
        continue;
      }
      int largest = largest();
      if (sizes[largest] < 2 * mean) {
        return;
      }
      int point = random.nextInt(count);
      while (assignment[point] != largest) {
        point = (point + 1) % count;
      }
      moveTo(c, point);
      sizes[largest] /= 2;
    }
  }

  private int largest() {
    int best = 0;
    for (int c = 1; c < k; c++) {
      if (sizes[c] > sizes[best]) {
        best = c;
      }
    }
    return best;
  }
}
