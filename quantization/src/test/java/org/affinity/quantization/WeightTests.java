/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import org.junit.Test;

public class WeightTests extends RandomizedTest {

  private static float stored(float weight) {
    byte[] record = new byte[5];
    Weight.write(weight, record, 2);
    assertEquals("bytes before the weight are untouched", 0, record[0] | record[1]);
    assertEquals("bytes behind the weight are untouched", 0, record[4]);
    return Weight.read(record, 2);
  }

  @Test
  public void testRoundTripIsWithinTheRounding() {
    for (int i = 0; i < 100_000; i++) {
      float weight = (float) Math.pow(10, getRandom().nextDouble() * 70 - 35);
      assertEquals(weight, stored(weight), weight * 0x1p-8);
    }
  }

  @Test
  public void testStoredWeightsStayWhatTheyAre() {
    for (int half = 0; half < 0x7F80; half++) {
      float weight = Weight.of(half);
      assertEquals(weight, stored(weight), 0);
    }
  }

  @Test
  public void testLargerWeightsAreNeverStoredSmaller() {
    float previous = 0;
    for (long bits = 0; bits <= 0x7F7FFFFFL; bits += randomIntBetween(1, 40_000)) {
      float next = stored(Float.intBitsToFloat((int) bits));
      assertTrue(next >= previous);
      previous = next;
    }
  }

  @Test
  public void testZero() {
    assertEquals(0, stored(0), 0);
  }

  @Test
  public void testHugeWeightsStayFinite() {
    for (float weight : new float[] {1e38f, 3.4e38f, Float.MAX_VALUE, Float.POSITIVE_INFINITY}) {
      assertTrue(Float.isFinite(stored(weight)));
      assertTrue(stored(weight) >= 0.99e38f);
    }
  }
}
