/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static org.affinity.quantization.TestQuantizers.assertRefused;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import java.util.List;
import org.affinity.quantization.TestQuantizers.Kind;
import org.junit.Test;

public class ProductQuantizerTests extends RandomizedTest {

  private static double lost(PqParameters parameters, Estimator estimator, List<float[]> sample) {
    ProductQuantizer quantizer =
        new ProductQuantizerTrainer(parameters, Metric.INNER_PRODUCT, 5)
            .withEstimator(estimator)
            .train(sample);
    return TestQuantizers.error(quantizer, sample);
  }

  @Test
  public void testMoreSubspacesLoseLess() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 32, 1500);
    for (int bits : TestQuantizers.BITS) {
      for (boolean rotated : new boolean[] {false, true}) {
        double previous = Double.POSITIVE_INFINITY;
        for (int m : new int[] {2, 4, 8, 16, 32}) {
          double lost =
              lost(
                  new PqParameters(32, m, bits),
                  new Estimator(rotated, false, false, false),
                  sample);
          assertTrue(m + " subspaces lose " + lost + ", fewer " + previous, lost < previous);
          previous = lost;
        }
      }
    }
  }

  @Test
  public void testMoreBitsLoseLess() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 24, 1500);
    for (int m : new int[] {1, 2, 5, 8, 24}) {
      for (Estimator estimator :
          Estimator.candidates(Metric.INNER_PRODUCT, new PqParameters(24, m, 4))) {
        double previous = Double.POSITIVE_INFINITY;
        for (int bits : TestQuantizers.BITS) {
          double lost = lost(new PqParameters(24, m, bits), estimator, sample);
          // A scalar is not what loses least: with few bits of code w may be 4, or 1.
          double allowed = estimator.scalar() ? 1.02 : 1;
          assertTrue(
              estimator + ", " + bits + " bits lose " + lost + ", fewer " + previous,
              lost < previous * allowed);
          previous = lost;
        }
      }
    }
  }

  @Test
  public void testAByteForEveryDimensionLosesNextToNothing() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 8, 3000);
    assertTrue(lost(new PqParameters(8, 8), Estimator.PLAIN, sample) < 8 * 1e-3);
  }

  @Test
  public void testTheRecordIsTheCodeAndTheWeight() {
    for (Kind kind : TestQuantizers.kinds(9, 5)) {
      ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
      int weight = kind.estimator().weighted() ? 2 : 0;
      assertEquals(kind.parameters().codeLength() + weight, quantizer.recordLength());
    }
  }

  @Test
  public void testMemoryIsThatOfCentroidsAndRotation() {
    for (Kind kind : TestQuantizers.kinds(9, 5)) {
      ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
      long k = kind.parameters().centroids();
      long expected = 4 * k * ((kind.estimator().residual() ? 2 : 1) * 9 + 5);
      expected += kind.estimator().rotated() ? 4 * 9 * 9 : 0;
      assertTrue(quantizer.ramBytesUsed() >= expected);
      assertTrue(quantizer.ramBytesUsed() <= expected + 8 * 9);
    }
  }

  @Test
  public void testKnowsWhatItIs() {
    for (Kind kind : TestQuantizers.kinds(6, 3)) {
      ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
      assertEquals(kind.metric(), quantizer.metric());
      assertEquals(kind.parameters(), quantizer.parameters());
      assertEquals(kind.estimator(), quantizer.estimator());
      assertTrue(quantizer.toString(), quantizer.toString().contains(kind.metric().name()));
    }
  }

  @Test
  public void testEquality() {
    Kind kind = new Kind(Metric.L2, Estimator.PLAIN, new PqParameters(6, 3, 4));
    ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
    ProductQuantizer same = ProductQuantizer.fromBytes(quantizer.toBytes());
    assertEquals(quantizer, same);
    assertEquals(quantizer.hashCode(), same.hashCode());
    assertNotEquals(quantizer, TestQuantizers.random(getRandom(), kind));
  }

  @Test
  public void testBadCodebooksAreRefusedInWords() {
    PqParameters parameters = new PqParameters(4, 2);
    assertRefused("1024 values, got 9", () -> new Codebook(parameters, false, new float[9]));
    assertRefused("2048 values, got 1024", () -> new Codebook(parameters, true, new float[1024]));
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      float[] centroids = new float[1024];
      centroids[77] = value;
      assertRefused("not a finite number", () -> new Codebook(parameters, false, centroids));
    }
  }

  @Test
  public void testDecodingToAnotherDimensionIsRefused() {
    Kind kind = new Kind(Metric.L2, Estimator.PLAIN, new PqParameters(6, 3, 4));
    ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
    assertRefused(
        "dimension 5, the quantizer has 6", () -> quantizer.decode(new byte[2], 0, new float[5]));
  }
}
