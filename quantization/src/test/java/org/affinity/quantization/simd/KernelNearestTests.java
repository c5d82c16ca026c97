/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import java.util.Arrays;
import org.junit.Test;

/** Nearest centroids against the definition. */
public class KernelNearestTests extends RandomizedTest {

  @Test
  public void testNearest() {
    for (int k : new int[] {16, 48, 64, 256}) {
      for (int dimension = 1; dimension <= 40; dimension += randomIntBetween(1, 3)) {
        check(k, dimension, false);
        check(k, dimension, true);
      }
    }
  }

  private static void check(int k, int dimension, boolean ties) {
    int count = randomIntBetween(1, 70);
    int stride = dimension + randomIntBetween(0, 5);
    int offset = randomIntBetween(0, 5);
    float[] points = values(offset + count * stride, ties);
    int given = k - randomIntBetween(0, 15);
    float[] rows = values(given * dimension, ties);
    Centroids centroids = Centroids.transposed(rows, 0, dimension, given);
    assertEquals(k, centroids.size());
    int at = randomIntBetween(0, 5);
    for (Kernels kernels : KernelSelection.usable()) {
      int[] assignment = new int[at + count];
      float[] minimum = new float[at + count];
      kernels.nearest(points, offset, stride, count, centroids, assignment, at, minimum);
      for (int i = 0; i < count; i++) {
        int nearest = 0;
        float best = Float.POSITIVE_INFINITY;
        for (int c = 0; c < k; c++) {
          float t = centroids.halfSquaredNorms()[c];
          for (int d = 0; d < dimension; d++) {
            t -= points[offset + i * stride + d] * centroids.coordinates()[d * k + c];
          }
          if (t < best) {
            best = t;
            nearest = c;
          }
        }
        assertEquals(kernels.name(), nearest, assignment[at + i]);
        assertEquals(kernels.name(), best, minimum[at + i], 0);
        assertEquals(
            kernels.name(), nearest, kernels.nearest(points, offset + i * stride, centroids));
      }
    }
  }

  private static float[] values(int length, boolean ties) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = ties ? randomIntBetween(-1, 1) : (float) getRandom().nextGaussian();
    }
    return values;
  }

  @Test
  public void testNothingCompares() {
    Centroids centroids = Centroids.transposed(new float[] {1, 2}, 0, 1, 2);
    for (Kernels kernels : KernelSelection.usable()) {
      float[] points = {Float.NaN, 1.75f};
      int[] assignment = {7, 7};
      float[] minimum = new float[2];
      kernels.nearest(points, 0, 1, 2, centroids, assignment, 0, minimum);
      assertEquals("[0, 1]", Arrays.toString(assignment));
      assertEquals(Float.POSITIVE_INFINITY, minimum[0], 0);
      assertEquals(0, kernels.nearest(points, 0, centroids));
      kernels.nearest(points, 0, 1, 2, centroids, assignment, 0, null);
      kernels.nearest(points, 0, 1, 0, centroids, assignment, 0, null);
    }
  }

  @Test
  public void testBounds() {
    Centroids centroids = Centroids.transposed(new float[12], 0, 3, 4);
    float[] points = new float[6];
    int[] two = new int[2];
    for (Kernels kernels : KernelSelection.usable()) {
      assertThrows(IndexOutOfBoundsException.class, () -> kernels.nearest(points, 4, centroids));
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> kernels.nearest(points, 1, 3, 2, centroids, two, 0, null));
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> kernels.nearest(points, 0, 3, 2, centroids, two, 1, null));
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> kernels.nearest(points, 0, 3, 2, centroids, two, 0, new float[1]));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> new Centroids(1, 15, new float[15], 0, new float[15], 0));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> new Centroids(2, 16, new float[32], 1, new float[16], 0));
  }
}
