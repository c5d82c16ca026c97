/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.Test;

public class RandomizationTestTests {

  private final RandomizationTest test = new RandomizationTest(10_000, 1);

  @Test
  public void testEqualSystemsGiveOne() {
    double[] values = {.1, .5, .9};
    assertEquals(1, test.p(values, values), 0);
  }

  /** Of 2^n assignments of n equal differences, two are as extreme as the observed one. */
  @Test
  public void testEqualDifferencesGiveTheExactShare() {
    for (int n : new int[] {3, 5, 7}) {
      double[] ones = new double[n];
      Arrays.fill(ones, .1);
      assertEquals(2 / Math.pow(2, n), test.p(ones, new double[n]), .01);
    }
  }

  @Test
  public void testItHasTwoSides() {
    double[] first = {.9, .8, .7, .9, .2};
    double[] second = {.1, .2, .3, .4, .3};
    assertEquals(test.p(first, second), test.p(second, first), 0);
  }

  @Test
  public void testAClearDifferenceGivesTheLeastP() {
    double[] ones = new double[100];
    Arrays.fill(ones, 1);
    assertEquals(1.0 / 10_001, test.p(ones, new double[100]), 1e-12);
  }

  @Test
  public void testNoiseIsSeldomSignificant() {
    Random random = new Random(5);
    int significant = 0;
    for (int trial = 0; trial < 200; trial++) {
      double[] first = random.doubles(30).toArray();
      double[] second = random.doubles(30).toArray();
      significant += new RandomizationTest(500, trial).p(first, second) < .05 ? 1 : 0;
    }
    assertTrue(significant + " of 200", significant >= 1 && significant <= 22);
  }

  @Test
  public void testTheSeedDecides() {
    double[] first = new Random(1).doubles(20).toArray();
    double[] second = new Random(2).doubles(20).toArray();
    double p = new RandomizationTest(1000, 7).p(first, second);
    assertEquals(p, new RandomizationTest(1000, 7).p(first, second), 0);
    assertNotEquals(p, new RandomizationTest(1000, 8).p(first, second), 0);
  }
}
