/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import org.junit.Test;

public class MetricTests extends RandomizedTest {

  @Test
  public void testScores() {
    float[] a = {1, 2, 2};
    float[] b = {2, 0, 0};
    assertEquals(2, Metric.INNER_PRODUCT.score(a, b), 0);
    assertEquals(1 / 3.0, Metric.COSINE.score(a, b), 1e-7);
    assertEquals(-9, Metric.L2.score(a, b), 0);
  }

  @Test
  public void testCosineOfAZeroVectorIsZero() {
    assertEquals(0, Metric.COSINE.score(new float[3], new float[] {1, 2, 3}), 0);
    assertEquals(0, Metric.COSINE.score(new float[3], new float[3]), 0);
  }

  @Test
  public void testNearerScoresHigher() {
    float[] a = TestVectors.gaussian(getRandom(), 9);
    float[] near = a.clone();
    near[3] += 0.1f;
    float[] far = a.clone();
    far[3] += 0.5f;
    assertTrue(Metric.L2.score(a, near) > Metric.L2.score(a, far));
    assertEquals(0, Metric.L2.score(a, a), 0);
  }
}
