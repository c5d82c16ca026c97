/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Lloyd's k-means in one subspace, with k fixed to {@link ProductQuantizer#CENTROIDS}.
 *
 * <p>Start: k-means++ (Arthur and Vassilvitskii, SODA 2007) over at most {@value #SEEDING_POINTS}
 * points. An empty cluster takes half of the largest one: its centroid becomes that centroid moved
 * by a small random step, the repair Faiss uses. Stops after {@value #ROUNDS} rounds or when a
 * round improves the error by less than {@value #MINIMUM_GAIN}. Fewer points than centroids are
 * fine: the surplus centroids repeat points.
 *
 * <p>Same points and random state, same centroids.
 */
final class KMeans {

  static final int ROUNDS = 12;
  static final int SEEDING_POINTS = 4096;
  static final double MINIMUM_GAIN = 1e-3;

  private static final int K = ProductQuantizer.CENTROIDS;
  private static final float PERTURBATION = 1f / 1024;

  private final float[] points;
  private final int count;
  private final int dimension;
  private final SplittableRandom random;

  /** {@code [dimension][K]}. */
  private final float[] centroids;

  private final int[] assignment;
  private final int[] sizes = new int[K];

  /**
   * @param points {@code [count][dimension]}, at least one point; not changed
   */
  KMeans(float[] points, int count, int dimension, SplittableRandom random) {
    if (count < 1) {
      throw new IllegalArgumentException("k-means needs at least one point");
    }
    this.points = points;
    this.count = count;
    this.dimension = dimension;
    this.random = random;
    this.centroids = new float[dimension * K];
    this.assignment = new int[count];
  }

  /** Runs to the end and returns the centroids, {@code [dimension][K]}. */
  float[] run() {
    seed();
    double error = Double.POSITIVE_INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
      double next = assign();
      if (next >= error * (1 - MINIMUM_GAIN)) {
        break;
      }
      error = next;
      update();
    }
    return centroids;
  }

  private void seed() {
    int candidates = Math.min(count, SEEDING_POINTS);
    int[] candidate = new int[candidates];
    for (int i = 0; i < candidates; i++) {
      candidate[i] = candidates == count ? i : random.nextInt(count);
    }
    double[] nearest = new double[candidates];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    int chosen = candidate[random.nextInt(candidates)];
    for (int c = 0; c < K; c++) {
      setCentroid(c, chosen);
      if (c + 1 < K) {
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

  /** Assigns every point and returns the sum of squared distances. */
  private double assign() {
    float[] halfNorms = new float[K];
    for (int row = 0; row < dimension; row++) {
      for (int c = 0; c < K; c++) {
        float value = centroids[row * K + c];
        halfNorms[c] += 0.5f * value * value;
      }
    }
    Arrays.fill(sizes, 0);
    float[] distances = new float[K];
    double error = 0;
    for (int i = 0; i < count; i++) {
      System.arraycopy(halfNorms, 0, distances, 0, K);
      double squaredNorm = 0;
      for (int row = 0; row < dimension; row++) {
        float x = points[i * dimension + row];
        squaredNorm += (double) x * x;
        ProductQuantizer.subtractProducts(x, centroids, row * K, distances);
      }
      int best = ProductQuantizer.indexOfMinimum(distances);
      assignment[i] = best;
      sizes[best]++;
      error += Math.max(0, squaredNorm + 2.0 * distances[best]);
    }
    return error;
  }

  private void update() {
    double[] sums = new double[K * dimension];
    for (int i = 0; i < count; i++) {
      int c = assignment[i];
      for (int row = 0; row < dimension; row++) {
        sums[c * dimension + row] += points[i * dimension + row];
      }
    }
    for (int c = 0; c < K; c++) {
      if (sizes[c] > 0) {
        for (int row = 0; row < dimension; row++) {
          centroids[row * K + c] = (float) (sums[c * dimension + row] / sizes[c]);
        }
      }
    }
    for (int c = 0; c < K; c++) {
      int largest = largest();
      if (sizes[c] == 0 && sizes[largest] > 1) {
        split(largest, c);
      }
    }
  }

  private int largest() {
    int best = 0;
    for (int c = 1; c < K; c++) {
      if (sizes[c] > sizes[best]) {
        best = c;
      }
    }
    return best;
  }

  private void split(int from, int empty) {
    for (int row = 0; row < dimension; row++) {
      float value = centroids[row * K + from];
      float step = (random.nextBoolean() ? PERTURBATION : -PERTURBATION) * value;
      centroids[row * K + empty] = finite(value + step);
      centroids[row * K + from] = finite(value - step);
    }
    sizes[empty] = sizes[from] / 2;
    sizes[from] -= sizes[empty];
  }

  private static float finite(float value) {
    return Math.clamp(value, -Float.MAX_VALUE, Float.MAX_VALUE);
  }

  private void setCentroid(int c, int point) {
    for (int row = 0; row < dimension; row++) {
      centroids[row * K + c] = points[point * dimension + row];
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
