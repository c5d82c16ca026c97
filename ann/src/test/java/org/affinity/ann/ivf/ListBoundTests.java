/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.util.Random;
import org.affinity.quantization.Metric;
import org.affinity.quantization.VectorMath;
import org.apache.lucene.tests.util.LuceneTestCase;

/** No vector of a list scores more than its bound, and the bound says something. */
public class ListBoundTests extends LuceneTestCase {

  private static final int DIMENSION = 5;

  public void testHoldsInEverySpace() {
    Random random = random();
    for (int round = 0; round < 2000; round++) {
      Metric metric = Metric.values()[random.nextInt(3)];
      boolean directions = metric == Metric.COSINE || (metric != Metric.L2 && random.nextBoolean());
      float[] centroid = vector(random, 2);
      float[][] vectors = new float[20][];
      float radius = 0;
      float reach = 0;
      for (int i = 0; i < vectors.length; i++) {
        vectors[i] = vector(random, 0.3);
        for (int d = 0; d < DIMENSION; d++) {
          vectors[i][d] += centroid[d];
        }
      }
      if (directions) {
        centroid = unit(centroid);
      }
      for (float[] vector : vectors) {
        float[] placed = directions ? unit(vector) : vector;
        double distance = Math.sqrt(VectorMath.squaredDistance(placed, centroid));
        radius = Math.max(radius, (float) (distance * (1 + 1e-6)));
        reach = Math.max(reach, (float) Math.sqrt(VectorMath.squaredNorm(vector)));
      }
      float[] query = vector(random, 2);
      float[] placed = metric == Metric.COSINE ? unit(query) : query;
      float rank =
          metric == Metric.INNER_PRODUCT
              ? -VectorMath.dot(placed, centroid) * (directions ? reach : 1)
              : (float) (VectorMath.squaredNorm(centroid) / 2 - VectorMath.dot(placed, centroid));
      ListEntry list = new ListEntry(0, vectors.length, 1, radius, reach, 1, 1);
      double bound = new ListBound(metric, directions, placed, 0).score(rank, list);
      double best = Double.NEGATIVE_INFINITY;
      for (float[] vector : vectors) {
        best = Math.max(best, metric.score(query, vector));
      }
      double slack = 1e-4 * (1 + Math.abs(best));
      assertTrue(metric + " " + directions + ": " + best + " > " + bound, best <= bound + slack);
      if (metric == Metric.L2) {
        double centre = Math.sqrt(VectorMath.squaredDistance(query, centroid));
        assertEquals(-Math.pow(Math.max(0, centre - radius), 2), bound, slack);
      }
    }
  }

  private static float[] vector(Random random, double spread) {
    float[] vector = new float[DIMENSION];
    for (int d = 0; d < DIMENSION; d++) {
      vector[d] = (float) (spread * random.nextGaussian());
    }
    return vector;
  }

  private static float[] unit(float[] vector) {
    double length = Math.sqrt(VectorMath.squaredNorm(vector));
    float[] unit = new float[DIMENSION];
    for (int d = 0; d < DIMENSION; d++) {
      unit[d] = (float) (vector[d] / length);
    }
    return unit;
  }
}
