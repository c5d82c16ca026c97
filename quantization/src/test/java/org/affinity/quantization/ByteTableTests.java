/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import java.util.ArrayList;
import java.util.List;
import org.affinity.quantization.TestQuantizers.Kind;
import org.affinity.quantization.simd.BlockLayout;
import org.affinity.quantization.simd.BlockSums;
import org.affinity.quantization.simd.KernelSelection;
import org.junit.Test;

public class ByteTableTests extends RandomizedTest {

  private static final int NONE = 65_536;

  /** What the code at {@code offset} selects of a byte table, added up. */
  private static int sum(ByteTable table, PqParameters parameters, byte[] records, int offset) {
    int bits = parameters.bits();
    int sum = 0;
    for (int s = 0; s < parameters.m(); s++) {
      int c = BlockLayout.centroid(records, offset, bits, s);
      sum += table.entries()[s * (bits == 8 ? 256 : 64) + c] & 0xFF;
    }
    return sum;
  }

  /** Checks that estimates are within their bound and returns how many were looked at. */
  private static int checkBound(ProductQuantizer quantizer, float[] query, int count) {
    DistanceTable table = quantizer.bind(query);
    ByteTable quantized = table.quantized();
    byte[] records = TestQuantizers.records(getRandom(), quantizer, count);
    for (int i = 0; i < count; i++) {
      int offset = i * quantizer.recordLength();
      float weight = TestQuantizers.weight(quantizer, records, offset);
      int sum = sum(quantized, quantizer.parameters(), records, offset);
      double error =
          Math.abs((double) quantized.estimate(sum, weight) - table.score(records, offset));
      if (!(error <= quantized.bound(weight))) {
        throw new AssertionError(
            quantizer + ": off by " + error + ", bound " + quantized.bound(weight));
      }
    }
    return count;
  }

  @Test
  public void testEstimatesAreWithinTheirBound() {
    int pairs = 0;
    for (int round = 0; pairs < 1_000_000; round++) {
      int dimension = randomIntBetween(1, 40);
      for (Kind kind : TestQuantizers.kinds(dimension, randomIntBetween(1, dimension))) {
        boolean heavyTailed = round % 2 == 1;
        double scale = round < 2 ? 1 : Math.pow(10, randomIntBetween(-10, 10));
        ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind, scale, heavyTailed);
        for (int q = 0; q < 4; q++) {
          double size = scale * Math.pow(10, randomIntBetween(-3, 3));
          float[] query =
              heavyTailed
                  ? TestVectors.heavyTailed(getRandom(), dimension, size)
                  : TestVectors.gaussian(getRandom(), dimension, size);
          pairs += checkBound(quantizer, query, 500);
        }
      }
    }
  }

  @Test
  public void testEstimatesOfManySubspacesAreWithinTheirBound() {
    for (int bits : TestQuantizers.BITS) {
      PqParameters parameters = new PqParameters(1030, PqParameters.MAXIMUM_M, bits);
      Kind kind = new Kind(Metric.INNER_PRODUCT, Estimator.PLAIN, parameters);
      ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
      checkBound(quantizer, TestVectors.gaussian(getRandom(), 1030), 300);
    }
  }

  @Test
  public void testEstimatesAreWithinTheirBoundWhereFloatsVanish() {
    for (Kind kind : TestQuantizers.kinds(12, 5)) {
      ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind, 1e-20, false);
      for (double size : new double[] {1e-26, 1e-24, 1e-22, 1e-20}) {
        checkBound(quantizer, TestVectors.gaussian(getRandom(), 12, size), 200);
      }
    }
  }

  @Test
  public void testSumsOfManySubspacesFitSixteenBits() {
    for (int bits : TestQuantizers.BITS) {
      PqParameters parameters = new PqParameters(1024, 1024, bits);
      float[] entries = new float[1024 * parameters.centroids()];
      for (int s = 0; s < 1024; s++) {
        entries[s * parameters.centroids() + 3] = 1;
      }
      ByteTable table = new DistanceTable(parameters, false, entries, 0).quantized();
      byte[] record = new byte[parameters.codeLength()];
      for (int s = 0; s < 1024; s++) {
        BlockLayout.setCentroid(record, 0, bits, s, 3);
      }
      assertTrue(sum(table, parameters, record, 0) <= 65_535);
    }
  }

  @Test
  public void testTheBoundIsNarrowOnTypicalData() {
    for (int bits : TestQuantizers.BITS) {
      for (Metric metric : Metric.values()) {
        List<float[]> sample = TestVectors.gaussians(getRandom(), 32, 1500);
        ProductQuantizer quantizer =
            new ProductQuantizerTrainer(new PqParameters(32, 8, bits), metric, 1)
                .withEstimator(Estimator.PLAIN)
                .train(sample);
        DistanceTable table = quantizer.bind(TestVectors.gaussian(getRandom(), 32));
        float lowest = Float.POSITIVE_INFINITY;
        float highest = Float.NEGATIVE_INFINITY;
        for (float[] vector : sample) {
          float score = table.score(TestQuantizers.encoded(quantizer, vector), 0);
          lowest = Math.min(lowest, score);
          highest = Math.max(highest, score);
        }
        double share = table.quantized().bound(1) / (highest - lowest);
        assertTrue(metric + ", " + bits + " bits: " + share, share < 0.05);
      }
    }
  }

  @Test
  public void testConstantTablesAreExact() {
    PqParameters parameters = new PqParameters(4, 2, 4);
    float[] entries = new float[32];
    java.util.Arrays.fill(entries, 2.5f);
    ByteTable table = new DistanceTable(parameters, false, entries, 1).quantized();
    assertEquals(6, table.estimate(0, 1), 0);
    assertArrayEquals(new byte[128], table.entries());
  }

  /** Checks that the threshold of no score leaves out a code that is estimated to reach it. */
  private static void checkThreshold(ProductQuantizer quantizer, float[] query) {
    ByteTable table = quantizer.bind(query).quantized();
    int count = 60;
    byte[] records = TestQuantizers.records(getRandom(), quantizer, count);
    int[] sums = new int[count];
    float[] weights = new float[count];
    float lowest = Float.POSITIVE_INFINITY;
    float highest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      int offset = i * quantizer.recordLength();
      sums[i] = sum(table, quantizer.parameters(), records, offset);
      weights[i] = TestQuantizers.weight(quantizer, records, offset);
      lowest = Math.min(lowest, weights[i]);
      highest = Math.max(highest, weights[i]);
    }
    for (int asked = 0; asked < count; asked++) {
      float score = table.estimate(sums[asked], weights[asked]);
      for (float wanted : new float[] {Math.nextDown(score), score, Math.nextUp(score)}) {
        int threshold = table.threshold(wanted, lowest, highest);
        assertTrue(threshold >= 0 && threshold <= NONE);
        for (int i = 0; i < count; i++) {
          if (table.estimate(sums[i], weights[i]) >= wanted && sums[i] < threshold) {
            throw new AssertionError(
                quantizer + ": sum " + sums[i] + " reaches " + wanted + ", below " + threshold);
          }
        }
      }
    }
  }

  @Test
  public void testTheThresholdLeavesOutNoneThatReachesTheScore() {
    for (int round = 0; round < 5; round++) {
      int dimension = randomIntBetween(1, 40);
      for (Kind kind : TestQuantizers.kinds(dimension, randomIntBetween(1, dimension))) {
        checkThreshold(
            TestQuantizers.random(getRandom(), kind), TestVectors.gaussian(getRandom(), dimension));
      }
    }
  }

  @Test
  public void testTheThresholdHoldsFarFromTheOrigin() {
    PqParameters parameters = new PqParameters(8, 4, 8);
    float[] mean = new float[8];
    java.util.Arrays.fill(mean, 1000);
    for (Estimator estimator : Estimator.candidates(Metric.INNER_PRODUCT, parameters)) {
      if (estimator.direction() || estimator.rotated() || estimator.residual()) {
        continue;
      }
      // Scores of thousands that differ in the third decimal: a step is less than their last bit.
      float[] centroids = TestVectors.gaussian(getRandom(), 8 * 256, 1e-3);
      ProductQuantizer quantizer =
          new ProductQuantizer(
              new Frame(Metric.INNER_PRODUCT, mean, null),
              new Codebook(parameters, false, centroids),
              estimator,
              new Training(1, new ReconstructionError(1, 1), List.of()));
      for (int i = 0; i < 20; i++) {
        float[] query = TestVectors.gaussian(getRandom(), 8, 0.1);
        for (int d = 0; d < 8; d++) {
          query[d] += 1;
        }
        checkThreshold(quantizer, query);
      }
    }
  }

  /** A table of one subspace with entries -1 to 14, so that a sum is 8 less than 8.4 entries. */
  private static ByteTable ramp(float base) {
    float[] entries = new float[16];
    for (int c = 0; c < 16; c++) {
      entries[c] = c - 5;
    }
    return new DistanceTable(new PqParameters(1, 1, 4), true, entries, base).quantized();
  }

  @Test
  public void testThresholdsOfZeroWeights() {
    ByteTable table = ramp(1);
    assertEquals("every code reaches the base", 0, table.threshold(1, 0, 0));
    assertEquals("every code reaches less", 0, table.threshold(0.5f, 0, 0));
    assertEquals("no code reaches more", NONE, table.threshold(1.5f, 0, 0));
  }

  @Test
  public void testThresholdsOfScoresOutOfReach() {
    ByteTable table = ramp(0);
    assertEquals(NONE, table.threshold(1e30f, 0.5f, 2));
    assertEquals(NONE, table.threshold(Float.POSITIVE_INFINITY, 0.5f, 2));
    assertEquals(0, table.threshold(Float.NEGATIVE_INFINITY, 0.5f, 2));
    assertEquals(0, table.threshold(-1e30f, 0.5f, 2));
  }

  @Test
  public void testTheThresholdIsNotVacuous() {
    ByteTable table = ramp(0);
    int highest = 127;
    int threshold = table.threshold(table.estimate(highest, 1), 1, 1);
    assertTrue("threshold " + threshold, threshold >= highest - 2);
  }

  @Test
  public void testSumsOfPackedBlocks() {
    for (int round = 0; round < 3; round++) {
      int dimension = randomIntBetween(1, 40);
      for (Kind kind : TestQuantizers.kinds(dimension, randomIntBetween(1, dimension))) {
        checkScan(TestQuantizers.random(getRandom(), kind));
      }
    }
  }

  private static void checkScan(ProductQuantizer quantizer) {
    PqParameters parameters = quantizer.parameters();
    int rows = parameters.codeLength();
    ByteTable table =
        quantizer.bind(TestVectors.gaussian(getRandom(), parameters.dimension())).quantized();
    byte[] records = TestQuantizers.records(getRandom(), quantizer, BlockLayout.VECTORS);
    byte[] block = new byte[rows * BlockLayout.VECTORS];
    int stride = quantizer.recordLength();
    BlockLayout.pack(records, 0, stride, BlockLayout.VECTORS, rows, block, 0);
    BlockSums out = new BlockSums();
    assertTrue(
        KernelSelection.best().scan(parameters.bits(), block, 0, rows, table.entries(), 0, out));
    List<Integer> expected = new ArrayList<>();
    List<Integer> actual = new ArrayList<>();
    for (int i = 0; i < BlockLayout.VECTORS; i++) {
      expected.add(sum(table, parameters, records, i * stride));
      actual.add(out.sum(i));
    }
    assertEquals(expected, actual);
  }
}
