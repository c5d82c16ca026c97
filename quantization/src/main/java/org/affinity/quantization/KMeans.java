/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.affinity.quantization.simd.Centroids;
import org.affinity.quantization.simd.KernelSelection;
import org.affinity.quantization.simd.Kernels;

/**
 * Lloyd's k-means. Same points and random state, same centroids, whatever the machine.
 *
 * <p>Start: k-means++ (Arthur and Vassilvitskii, SODA 2007) over at most {@value #SEEDING_POINTS}
 * points, or given centroids. An empty cluster moves to a random point of the largest one. Stops
 * after the rounds asked for, or when a round improves the error by less than {@value
 * #MINIMUM_GAIN}.
 *
 * <p>Cost of a round: {@code count · dimension · k} multiply-adds.
 */
final class KMeans {

  static final int SEEDING_POINTS = 4096;
  static final double MINIMUM_GAIN = 5e-4;

  /** Points assigned between two looks at the monitor. */
  private static final int CHUNK = 8192;

  private final float[] points;
  private final int count;
  private final int dimension;
  private final int k;
  private final SplittableRandom random;

  /** {@code [dimension][k]}. */
  private final float[] centroids;

  private final int[] assignment;

  /** By point, ‖c‖²/2 − ⟨x, c⟩ of its centroid. */
  private final float[] minimum;

  private final int[] sizes;

  /**
   * @param points {@code [count][dimension]}, at least one point; not changed
   * @param k a multiple of 16
   */
  KMeans(float[] points, int count, int dimension, int k, SplittableRandom random) {
    if (count < 1) {
      throw new IllegalArgumentException("k-means needs at least one point");
    }
    this.points = points;
    this.count = count;
    this.dimension = dimension;
    this.k = k;
    this.random = random;
    this.centroids = new float[dimension * k];
    this.assignment = new int[count];
    this.minimum = new float[count];
    this.sizes = new int[k];
  }

  /**
   * Runs to the end and returns the centroids, {@code [dimension][k]}.
   *
   * @param start centroids to start from, null to seed; may be longer than needed
   * @param weight of a point in a round, for progress
   */
  float[] run(float[] start, int rounds, TrainingProgress progress, int weight) {
    if (start == null) {
      seed(progress);
    } else {
      System.arraycopy(start, 0, centroids, 0, centroids.length);
    }
    double squaredNorms = VectorMath.squaredNorm(points);
    double error = Double.POSITIVE_INFINITY;
    int round = 0;
    for (; round < rounds; round++) {
      double next = Math.max(0, squaredNorms + assign(progress));
      progress.add((double) weight * count);
      if (next >= error * (1 - MINIMUM_GAIN)) {
        break;
      }
      error = next;
      update();
    }
    progress.add((double) weight * count * Math.max(0, rounds - round - 1));
    return centroids;
  }

  private void seed(TrainingProgress progress) {
    int candidates = Math.min(count, SEEDING_POINTS);
    int[] candidate = new int[candidates];
    for (int i = 0; i < candidates; i++) {
      candidate[i] = candidates == count ? i : random.nextInt(count);
    }
    double[] nearest = new double[candidates];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    int chosen = candidate[random.nextInt(candidates)];
    for (int c = 0; c < k; c++) {
      if (c % 16 == 0) {
        progress.check();
      }
      setCentroid(c, chosen);
      if (c + 1 < k) {
        chosen = candidate[nextSeed(candidate, nearest, chosen)];
      }
    }
  }

  /** Draws the next seed with probability proportional to the distance from the seeds so far. */
  private int nextSeed(int[] candidate, double[] nearest, int lastChosen) {
    double total = 0;
    for (int i = 0; i < candidate.length; i++) {
      nearest[i] = Math.min(nearest[i], squaredDistance(candidate[i], lastChosen));
      total += nearest[i];
    }
    if (total == 0) {
      return random.nextInt(candidate.length);
    }
    double target = random.nextDouble() * total;
    for (int i = 0; i < candidate.length; i++) {
      target -= nearest[i];
      if (target < 0) {
        return i;
      }
    }
    return candidate.length - 1;
  }

  /** Assigns every point and returns the sum of squared distances less the points' own squares. */
  private double assign(TrainingProgress progress) {
    Kernels kernels = KernelSelection.best();
    float[] halfNorms = new float[k];
    Codebook.halfSquaredNorms(centroids, 0, dimension, k, halfNorms, 0);
    Centroids current = new Centroids(dimension, k, centroids, 0, halfNorms, 0);
    for (int from = 0; from < count; from += CHUNK) {
      progress.check();
      int size = Math.min(count - from, CHUNK);
      kernels.nearest(
          points, from * dimension, dimension, size, current, assignment, from, minimum);
    }
    double sum = 0;
    for (float value : minimum) {
      sum += 2.0 * value;
    }
    return sum;
  }

  private void update() {
    double[] sums = new double[k * dimension];
    Arrays.fill(sizes, 0);
    for (int i = 0; i < count; i++) {
      int c = assignment[i];
      sizes[c]++;
      for (int row = 0; row < dimension; row++) {
        sums[c * dimension + row] += points[i * dimension + row];
      }
    }
    for (int c = 0; c < k; c++) {
      if (sizes[c] > 0) {
        for (int row = 0; row < dimension; row++) {
          centroids[row * k + c] = (float) (sums[c * dimension + row] / sizes[c]);
        }
      }
    }
    for (int c = 0; c < k; c++) {
      int largest = largest();
      if (sizes[c] == 0 && sizes[largest] > 1) {
        split(largest, c);
      }
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

  /**
   * Moves an empty centroid to a random point of a cluster, which counts half from then on. The
   * moved one stays at size 0: no point is assigned to it yet, so none can be taken from it.
   */
  private void split(int from, int empty) {
    int point = random.nextInt(count);
    while (assignment[point] != from) {
      point = (point + 1) % count;
    }
    setCentroid(empty, point);
    sizes[from] -= sizes[from] / 2;
  }

  private void setCentroid(int c, int point) {
    for (int row = 0; row < dimension; row++) {
      centroids[row * k + c] = points[point * dimension + row];
    }
  }

  private double squaredDistance(int a, int b) {
    double sum = 0;
    for (int row = 0; row < dimension; row++) {
      double d = (double) points[a * dimension + row] - points[b * dimension + row];
      sum += d * d;
    }
    return sum;
  }
}
