/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static org.affinity.quantization.TestQuantizers.assertRefused;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import com.carrotsearch.randomizedtesting.annotations.Timeout;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.Test;

public class KMeansTests extends RandomizedTest {

  private static float[] run(
      float[] points, int dimension, int k, long seed, float[] start, int rounds) {
    TrainingProgress unwatched = new TrainingProgress(TrainingMonitor.NONE, 1);
    return new KMeans(points, points.length / dimension, dimension, k, new SplittableRandom(seed))
        .run(start, rounds, unwatched, 1);
  }

  /** The sum of squared distances from the nearest centroid, by brute force. */
  private static double error(float[] points, int dimension, int k, float[] centroids) {
    double sum = 0;
    for (int i = 0; i < points.length; i += dimension) {
      double nearest = Double.POSITIVE_INFINITY;
      for (int c = 0; c < k; c++) {
        double distance = 0;
        for (int d = 0; d < dimension; d++) {
          double difference = (double) points[i + d] - centroids[d * k + c];
          distance += difference * difference;
        }
        nearest = Math.min(nearest, distance);
      }
      sum += nearest;
    }
    return sum;
  }

  @Test
  public void testTheErrorNeverRisesFromRoundToRound() {
    for (int i = 0; i < 10; i++) {
      int dimension = randomIntBetween(1, 8);
      int k = 16 * randomIntBetween(1, 4);
      float[] points =
          randomBoolean()
              ? TestVectors.gaussian(getRandom(), dimension * 500)
              : TestVectors.heavyTailed(getRandom(), dimension * 500, 1);
      long seed = getRandom().nextLong();
      double previous = Double.POSITIVE_INFINITY;
      for (int rounds = 0; rounds <= 12; rounds++) {
        double error = error(points, dimension, k, run(points, dimension, k, seed, null, rounds));
        assertTrue(
            rounds + " rounds: " + error + ", before " + previous, error <= previous * (1 + 1e-5));
        previous = error;
      }
    }
  }

  @Test
  public void testUsesAllCentroidsOnSpreadPoints() {
    Random random = getRandom();
    float[] points = new float[4000 * 2];
    for (int i = 0; i < points.length; i++) {
      // Most points in one heap: the repair must move centroids to where the points are.
      points[i] = (float) (random.nextGaussian() * (i < 40 ? 100 : 1));
    }
    float[] centroids = run(points, 2, 256, random.nextLong(), null, 25);
    Set<String> distinct = new HashSet<>();
    for (int c = 0; c < 256; c++) {
      distinct.add(centroids[c] + "," + centroids[256 + c]);
    }
    assertEquals(256, distinct.size());
  }

  @Test
  public void testCentroidsThatNoPointIsNearMove() {
    float[] points = TestVectors.gaussian(getRandom(), 2 * 1000);
    float[] start = new float[2 * 16];
    for (int i = 0; i < start.length; i++) {
      start[i] = 1000 + i;
    }
    float[] centroids = run(points, 2, 16, 1, start, 25);
    for (float value : centroids) {
      assertTrue("a centroid stayed at " + value, Math.abs(value) < 10);
    }
  }

  @Test
  public void testAWarmStartIsKeptWhereItIsRight() {
    float[] points = TestVectors.gaussian(getRandom(), 3 * 600);
    float[] first = run(points, 3, 16, 7, null, 60);
    float[] again = run(points, 3, 16, 8, first, 1);
    assertTrue(error(points, 3, 16, again) <= error(points, 3, 16, first) * (1 + 1e-5));
    assertTrue(error(points, 3, 16, again) >= error(points, 3, 16, first) * 0.98);
  }

  @Test
  public void testAWarmStartDoesNotChangeTheGivenCentroids() {
    float[] points = TestVectors.gaussian(getRandom(), 3 * 200);
    float[] start = TestVectors.gaussian(getRandom(), 3 * 16 + 5);
    float[] copy = start.clone();
    run(points, 3, 16, 1, start, 5);
    assertArrayEquals(copy, start, 0);
  }

  @Test
  public void testFewDistinctPointsAreReproduced() {
    float[] distinct = TestVectors.gaussian(getRandom(), 4 * 16);
    float[] points = new float[4 * 1600];
    for (int i = 0; i < points.length; i++) {
      points[i] = distinct[i % distinct.length];
    }
    assertEquals(0, error(points, 4, 16, run(points, 4, 16, 3, null, 25)), 1e-6);
  }

  @Test
  public void testFewerPointsThanCentroids() {
    float[] points = TestVectors.gaussian(getRandom(), 3 * 5);
    assertEquals(0, error(points, 3, 32, run(points, 3, 32, 3, null, 25)), 1e-9);
  }

  @Test
  @Timeout(millis = 30_000)
  public void testManyEqualPointsEndSoon() {
    float[] points = new float[2 * 5000];
    for (int i = 0; i < 1000; i++) {
      points[i] = (float) getRandom().nextGaussian();
    }
    float[] centroids = run(points, 2, 256, 5, null, 25);
    for (float value : centroids) {
      assertTrue(Float.isFinite(value));
    }
  }

  @Test
  @Timeout(millis = 30_000)
  public void testEqualPointsEndSoon() {
    float[] centroids = run(new float[3 * 2000], 3, 256, 5, null, 25);
    assertArrayEquals(new float[3 * 256], centroids, 0);
  }

  @Test
  public void testPointsAreNotChanged() {
    float[] points = TestVectors.gaussian(getRandom(), 3 * 200);
    float[] copy = points.clone();
    run(points, 3, 16, 1, null, 5);
    assertArrayEquals(copy, points, 0);
  }

  @Test
  public void testSameSeedSameCentroids() {
    float[] points = TestVectors.gaussian(getRandom(), 3 * 700);
    assertArrayEquals(run(points, 3, 48, 9, null, 10), run(points, 3, 48, 9, null, 10), 0);
  }

  @Test
  public void testNoPointsAreRefused() {
    assertRefused(
        "at least one point", () -> new KMeans(new float[0], 0, 2, 16, new SplittableRandom(1)));
  }
}
