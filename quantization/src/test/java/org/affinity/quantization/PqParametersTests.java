/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static org.affinity.quantization.TestQuantizers.assertRefused;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import org.junit.Test;

public class PqParametersTests extends RandomizedTest {

  @Test
  public void testDimensionsThatMDoesNotDivideAreSplitEvenly() {
    PqParameters parameters = new PqParameters(10, 4);
    assertEquals(3, parameters.size(0));
    assertEquals(3, parameters.size(1));
    assertEquals(2, parameters.size(2));
    assertEquals(2, parameters.size(3));
    assertEquals(10, parameters.offset(4));
  }

  @Test
  public void testSubspacesCoverAllDimensions() {
    for (int i = 0; i < 100; i++) {
      int dimension = randomIntBetween(1, 2000);
      int m = randomIntBetween(1, Math.min(dimension, PqParameters.MAXIMUM_M));
      PqParameters parameters = new PqParameters(dimension, m);
      int sum = 0;
      for (int s = 0; s < m; s++) {
        assertEquals(sum, parameters.offset(s));
        sum += parameters.size(s);
        assertTrue(parameters.size(s) >= parameters.size(m - 1));
        assertTrue(parameters.size(s) <= parameters.size(m - 1) + 1);
      }
      assertEquals(dimension, sum);
    }
  }

  @Test
  public void testDefaultCompressionIsSixteenThenThirtyTwo() {
    assertEquals(16, PqParameters.forDimension(64).m());
    assertEquals(25, PqParameters.forDimension(100).m());
    assertEquals(64, PqParameters.forDimension(255).m());
    assertEquals(32, PqParameters.forDimension(256).m());
    assertEquals(48, PqParameters.forDimension(384).m());
    assertEquals(98, PqParameters.forDimension(784).m());
    assertEquals(1, PqParameters.forDimension(1).m());
  }

  @Test
  public void testCompressionLevels() {
    for (int level : new int[] {4, 8, 16, 32, 64}) {
      PqParameters parameters = PqParameters.forCompression(128, level);
      assertEquals(4 * 128 / level, parameters.codeLength());
      assertEquals(8, parameters.bits());
    }
  }

  @Test
  public void testCompressionRoundsUpToAByte() {
    for (int i = 0; i < 200; i++) {
      int dimension = randomIntBetween(1, 1000);
      int level = randomIntBetween(4, 64);
      int length = PqParameters.forCompression(dimension, level).codeLength();
      assertTrue(length * level >= 4 * dimension);
      assertTrue((length - 1) * level < 4 * dimension);
    }
  }

  @Test
  public void testCompressionKeepsToTheLargestM() {
    assertEquals(PqParameters.MAXIMUM_M, PqParameters.forCompression(4096, 4).m());
  }

  @Test
  public void testCodeLength() {
    for (int m = 1; m <= 40; m++) {
      assertEquals(m, new PqParameters(40, m, 8).codeLength());
      assertEquals(Math.ceilDiv(m, 2), new PqParameters(40, m, 4).codeLength());
      assertEquals(3L * Math.ceilDiv(m, 4), new PqParameters(40, m, 6).codeLength());
    }
  }

  @Test
  public void testCentroids() {
    assertEquals(16, new PqParameters(3, 2, 4).centroids());
    assertEquals(64, new PqParameters(3, 2, 6).centroids());
    assertEquals(256, new PqParameters(3, 2).centroids());
  }

  @Test
  public void testBadShapesAreRefusedInWords() {
    assertRefused("m must be between 1 and the dimension 8, got 9", () -> new PqParameters(8, 9));
    assertRefused("m must be between", () -> new PqParameters(8, 0));
    assertRefused("m must be between", () -> new PqParameters(8, -1));
    assertRefused("dimension must be at least 1, got 0", () -> new PqParameters(0, 1));
    assertRefused("m must be at most 1024", () -> new PqParameters(2000, 1025));
    for (int bits : new int[] {-4, 0, 1, 5, 7, 9, 16}) {
      assertRefused("bits must be 4, 6 or 8, got " + bits, () -> new PqParameters(8, 2, bits));
    }
  }

  @Test
  public void testCompressionBelowFourIsRefused() {
    for (int level : new int[] {-1, 0, 1, 3}) {
      assertRefused(
          "compresses at least 4 times, got level " + level,
          () -> PqParameters.forCompression(64, level));
    }
  }
}
