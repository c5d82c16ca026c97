/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import org.junit.Test;

public class VectorMathTests extends RandomizedTest {

  @Test
  public void testAgreesWithDoublePrecision() {
    for (int dimension = 1; dimension < 70; dimension++) {
      float[] a = vector(dimension);
      float[] b = vector(dimension);
      double dot = 0;
      for (int i = 0; i < dimension; i++) {
        dot += (double) a[i] * b[i];
      }
      assertEquals(dot, VectorMath.dot(a, b), 1e-5 * dimension);
      double distance = VectorMath.squaredDistance(a, b);
      assertEquals(distance, VectorMath.squareDistance(a, b), 1e-5 * distance);
      double norms = Math.sqrt(VectorMath.squaredNorm(a) * VectorMath.squaredNorm(b));
      assertEquals(dot / norms, VectorMath.cosine(a, b), 1e-5);
    }
  }

  @Test
  public void testSameBitsColdAndWarm() {
    float[] a = vector(199);
    float[] b = vector(199);
    float dot = VectorMath.dot(a, b);
    float distance = VectorMath.squareDistance(a, b);
    float cosine = VectorMath.cosine(a, b);
    for (int i = 0; i < 200_000; i++) {
      // The loop is compiled somewhere on the way; nothing may change.
      assertTrue(
          dot == VectorMath.dot(a, b)
              && distance == VectorMath.squareDistance(a, b)
              && cosine == VectorMath.cosine(a, b));
    }
  }

  @Test
  public void testCosineOfTinyAndHugeVectors() {
    for (float length : new float[] {1e-30f, 1e-20f, 1, 1e20f, 3e38f}) {
      float[] a = {length, length, 0};
      assertEquals(1, VectorMath.cosine(a, new float[] {1, 1, 0}), 1e-6);
      assertEquals(-1, VectorMath.cosine(a, new float[] {-3e38f, -3e38f, 0}), 1e-6);
      assertEquals(0, VectorMath.cosine(a, new float[] {0, 0, 1e-30f}), 1e-6);
    }
  }

  @Test
  public void testNormalize() {
    float[] unit = VectorMath.normalized(new float[] {3, 0, -4});
    assertArrayEquals(new float[] {0.6f, 0, -0.8f}, unit, 1e-7f);
    assertArrayEquals(new float[2], VectorMath.normalized(new float[2]), 0);
  }

  @Test
  public void testLengthsMustAgree() {
    assertThrows(IllegalArgumentException.class, () -> VectorMath.dot(new float[2], new float[3]));
    assertThrows(
        IllegalArgumentException.class,
        () -> VectorMath.squareDistance(new float[2], new float[3]));
  }

  private static float[] vector(int dimension) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) getRandom().nextGaussian();
    }
    return vector;
  }
}
