/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.lucene.tests.util.LuceneTestCase;

public class CoarseQuantizerTests extends LuceneTestCase {

  private static final int DIMENSION = 8;

  private static float[] clusteredPoints(Random random, int count, int clusters) {
    float[] centres = new float[clusters * DIMENSION];
    for (int i = 0; i < centres.length; i++) {
      centres[i] = (float) (5 * random.nextGaussian());
    }
    float[] points = new float[count * DIMENSION];
    for (int i = 0; i < count; i++) {
      int c = random.nextInt(clusters);
      for (int d = 0; d < DIMENSION; d++) {
        points[i * DIMENSION + d] = centres[c * DIMENSION + d] + (float) random.nextGaussian();
      }
    }
    return points;
  }

  private static int[] assign(CoarseQuantizer coarse, float[] points) {
    int[] lists = new int[points.length / DIMENSION];
    ListAssigner assigner = new ListAssigner(coarse, lists);
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < lists.length; i++) {
      System.arraycopy(points, i * DIMENSION, vector, 0, DIMENSION);
      assigner.add(i, vector);
    }
    assigner.finish();
    return lists;
  }

  public void testOneGroupAssignsToTheNearest() throws IOException {
    float[] points = clusteredPoints(random(), 3000, 20);
    CoarseQuantizer coarse =
        CoarseQuantizer.train(points, 3000, DIMENSION, false, 30, AbortCheck.NEVER);
    assertEquals(30, coarse.lists());
    assertEquals(1, coarse.groups());
    int[] lists = assign(coarse, points);
    for (int i = 0; i < lists.length; i++) {
      double own = distance(coarse, lists[i], points, i);
      for (int list = 0; list < 30; list++) {
        assertTrue(own <= distance(coarse, list, points, i) + 1e-3);
      }
    }
  }

  private static double distance(CoarseQuantizer coarse, int list, float[] points, int i) {
    double sum = 0;
    for (int d = 0; d < DIMENSION; d++) {
      double x = coarse.rows()[list * DIMENSION + d] - points[i * DIMENSION + d];
      sum += x * x;
    }
    return sum;
  }

  public void testGroupsAssignNearlyToTheNearest() throws IOException {
    int count = 20_000;
    float[] points = clusteredPoints(random(), count, 300);
    CoarseQuantizer coarse =
        CoarseQuantizer.train(points, count, DIMENSION, false, 1200, AbortCheck.NEVER);
    assertTrue(coarse.groups() > 1);
    assertEquals(1200, coarse.lists(), 60);
    int[] lists = assign(coarse, points);
    double own = 0;
    double best = 0;
    for (int i = 0; i < count; i += 17) {
      own += distance(coarse, lists[i], points, i);
      double nearest = Double.POSITIVE_INFINITY;
      for (int list = 0; list < coarse.lists(); list++) {
        nearest = Math.min(nearest, distance(coarse, list, points, i));
      }
      best += nearest;
    }
    assertTrue(own + " " + best, own < 1.02 * best);
  }

  public void testListsAreOfLikeSize() throws IOException {
    // One dense cluster in a thin cloud: plain k-means leaves most centroids to the cloud.
    Random random = new Random(5);
    int count = 8000;
    float[] points = new float[count * DIMENSION];
    for (int i = 0; i < points.length; i++) {
      double scale = i < points.length / 10 ? 30 : 0.1;
      points[i] = (float) (scale * random.nextGaussian());
    }
    CoarseQuantizer coarse =
        CoarseQuantizer.train(points, count, DIMENSION, false, 40, AbortCheck.NEVER);
    int[] sizes = new int[40];
    int largest = 0;
    for (int list : assign(coarse, points)) {
      largest = Math.max(largest, ++sizes[list]);
    }
    assertTrue("largest " + largest, largest < 4 * count / 40);
  }

  public void testSamePointsSameCentroids() throws IOException {
    float[] points = clusteredPoints(random(), 2000, 20);
    CoarseQuantizer a = CoarseQuantizer.train(points, 2000, DIMENSION, true, 50, AbortCheck.NEVER);
    CoarseQuantizer b = CoarseQuantizer.train(points, 2000, DIMENSION, true, 50, AbortCheck.NEVER);
    assertArrayEquals(a.rows(), b.rows(), 0);
  }

  public void testEqualAndOddPointsAreNoTrouble() throws IOException {
    float[] equal = new float[100 * DIMENSION];
    CoarseQuantizer coarse =
        CoarseQuantizer.train(equal, 100, DIMENSION, true, 10, AbortCheck.NEVER);
    assertEquals(100, assign(coarse, equal).length);
    float[] huge = new float[100 * DIMENSION];
    for (int i = 0; i < huge.length; i++) {
      huge[i] = (i % 3 - 1) * 3e38f;
    }
    for (int lists : new int[] {1, 10}) {
      assign(CoarseQuantizer.train(huge, 100, DIMENSION, false, lists, AbortCheck.NEVER), huge);
    }
    float[] odd = new float[3000 * DIMENSION];
    java.util.Arrays.fill(odd, 3e38f);
    assign(CoarseQuantizer.train(odd, 3000, DIMENSION, false, 1200, AbortCheck.NEVER), odd);
  }

  public void testTrainingCanBeAborted() {
    float[] points = clusteredPoints(random(), 1000, 20);
    AtomicInteger checks = new AtomicInteger();
    expectThrows(
        IOException.class,
        () ->
            CoarseQuantizer.train(
                points,
                1000,
                DIMENSION,
                false,
                20,
                () -> {
                  if (checks.incrementAndGet() > 3) {
                    throw new IOException("aborted");
                  }
                }));
  }
}
