/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static org.affinity.quantization.TestQuantizers.assertRefused;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import java.util.ArrayList;
import java.util.List;
import org.affinity.quantization.TestQuantizers.Kind;
import org.junit.Test;

public class ReconstructionErrorTests extends RandomizedTest {

  @Test
  public void testAgreesWithEncodingAndDecoding() {
    for (Kind kind : TestQuantizers.kinds(11, 4)) {
      ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
      List<float[]> vectors = TestVectors.gaussians(getRandom(), 11, 50);
      double total = 0;
      for (float[] vector : vectors) {
        float[] x = kind.metric() == Metric.COSINE ? VectorMath.normalized(vector) : vector;
        total += VectorMath.squaredDistance(x, quantizer.frame().mean()) / 50;
      }
      double lost = TestQuantizers.error(quantizer, vectors);
      ReconstructionError error = ReconstructionError.of(quantizer, vectors);
      assertEquals(kind.toString(), lost, error.meanSquared(), 1e-4 * (lost + total));
      assertEquals(kind.toString(), lost / total, error.relative(), 1e-3 * (1 + lost / total));
    }
  }

  @Test
  public void testTheTrainingErrorIsThatOnTheSample() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 8, 500);
    for (Metric metric : Metric.values()) {
      ProductQuantizer quantizer =
          new ProductQuantizerTrainer(new PqParameters(8, 4, 4), metric, 3).train(sample);
      assertEquals(ReconstructionError.of(quantizer, sample), quantizer.training().error());
      assertEquals(500, quantizer.training().sample());
      assertEquals(
          TestQuantizers.error(quantizer, sample),
          quantizer.training().error().meanSquared(),
          1e-4);
    }
  }

  private static void checkNoDrift(Kind kind, int vectors) {
    ProductQuantizer quantizer =
        new ProductQuantizerTrainer(kind.parameters(), kind.metric(), 3)
            .withEstimator(kind.estimator())
            .train(TestVectors.gaussians(getRandom(), 8, vectors));
    List<float[]> fresh = TestVectors.gaussians(getRandom(), 8, 2000);
    double drift = ReconstructionError.drift(quantizer, fresh);
    assertTrue(kind + ", " + vectors + ": " + drift, drift > 0.8 && drift < 1.25);
  }

  @Test
  public void testVectorsOfTheSameDistributionHaveNotDrifted() {
    for (Kind kind : TestQuantizers.kinds(8, 4)) {
      if (kind.parameters().bits() < 8) {
        checkNoDrift(kind, 128 * kind.parameters().centroids());
      }
    }
  }

  @Test
  public void testVectorsOfTheSameDistributionHaveNotDriftedFromALargeSample() {
    Estimator residual = new Estimator(false, false, true, true);
    PqParameters parameters = new PqParameters(8, 4);
    int vectors = ProductQuantizerTrainer.MAXIMUM_SAMPLE;
    checkNoDrift(new Kind(Metric.L2, Estimator.PLAIN, parameters), vectors);
    checkNoDrift(new Kind(Metric.COSINE, residual, parameters), vectors);
  }

  @Test
  public void testVectorsOfTheSameDistributionHaveNotDriftedFromASmallSample() {
    for (int vectors : new int[] {6000, 3000}) {
      checkNoDrift(new Kind(Metric.L2, Estimator.PLAIN, new PqParameters(8, 4)), vectors);
    }
  }

  @Test
  public void testShiftedVectorsHaveDrifted() {
    List<float[]> sample = TestVectors.shifted(TestVectors.gaussians(getRandom(), 8, 2500), 2);
    for (Metric metric : Metric.values()) {
      for (int bits : TestQuantizers.BITS) {
        ProductQuantizer quantizer =
            new ProductQuantizerTrainer(new PqParameters(8, 4, bits), metric, 3)
                .withEstimator(Estimator.PLAIN)
                .train(sample);
        List<float[]> shifted =
            TestVectors.shifted(TestVectors.gaussians(getRandom(), 8, 1000), -2);
        double drift = ReconstructionError.drift(quantizer, shifted);
        assertTrue(metric + ", " + bits + " bits: " + drift, drift > 1.15);
      }
    }
  }

  @Test
  public void testNothingIsLostOfFewDistinctVectors() {
    List<float[]> distinct = TestVectors.gaussians(getRandom(), 6, 10);
    List<float[]> sample = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      sample.add(distinct.get(i % distinct.size()));
    }
    ProductQuantizer quantizer =
        new ProductQuantizerTrainer(new PqParameters(6, 3), Metric.L2, 1).train(sample);
    assertEquals(0, ReconstructionError.of(quantizer, distinct).relative(), 1e-6);
  }

  private static ProductQuantizer lossless() {
    PqParameters parameters = new PqParameters(2, 1, 4);
    return new ProductQuantizer(
        new Frame(Metric.L2, new float[] {1, 2}, null),
        new Codebook(parameters, false, new float[32]),
        Estimator.PLAIN,
        new Training(20, new ReconstructionError(0, 0), List.of()));
  }

  @Test
  public void testOnlyTheMeanIsKeptWithoutLoss() {
    List<float[]> mean = List.of(new float[] {1, 2});
    assertEquals(new ReconstructionError(0, 0), ReconstructionError.of(lossless(), mean));
    assertEquals(1, ReconstructionError.drift(lossless(), mean), 0);
  }

  @Test
  public void testKeepingTheMeanAloneIsARelativeErrorOfOne() {
    List<float[]> vectors = List.of(new float[] {1, 5}, new float[] {-1, 2});
    assertEquals(new ReconstructionError(6.5, 1), ReconstructionError.of(lossless(), vectors));
    assertEquals(Double.POSITIVE_INFINITY, ReconstructionError.drift(lossless(), vectors), 0);
  }

  @Test
  public void testNoVectorsAreRefused() {
    assertRefused("no vectors", () -> ReconstructionError.of(lossless(), List.of()));
  }
}
