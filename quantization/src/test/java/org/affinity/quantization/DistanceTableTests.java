/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static org.affinity.quantization.TestQuantizers.assertRefused;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.affinity.quantization.TestQuantizers.Kind;
import org.junit.Test;

public class DistanceTableTests extends RandomizedTest {

  @Test
  public void testScoresAreThoseOfTheDecodedVector() {
    for (int dimension = 1; dimension <= 40; dimension++) {
      TestQuantizers.forAll(dimension, randomIntBetween(1, dimension), DistanceTableTests::check);
    }
  }

  private static void check(Kind kind) {
    ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
    float[] query = TestVectors.gaussian(getRandom(), kind.parameters().dimension(), 3);
    DistanceTable table = quantizer.bind(query);
    byte[] records = TestQuantizers.records(getRandom(), quantizer, 5);
    for (int i = 0; i < 5; i++) {
      int offset = i * quantizer.recordLength();
      float[] decoded = TestQuantizers.decoded(quantizer, records, offset);
      assertEquals(
          kind.toString(),
          TestQuantizers.documentedScore(quantizer, query, decoded),
          table.score(records, offset),
          TestQuantizers.tolerance(quantizer, query, decoded));
    }
  }

  @Test
  public void testScoresOfEncodedVectors() {
    for (Kind kind : TestQuantizers.kinds(23, 6)) {
      ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
      float[] query = TestVectors.gaussian(getRandom(), 23);
      byte[] record = TestQuantizers.encoded(quantizer, TestVectors.gaussian(getRandom(), 23));
      float[] decoded = TestQuantizers.decoded(quantizer, record, 0);
      assertEquals(
          kind.toString(),
          TestQuantizers.documentedScore(quantizer, query, decoded),
          quantizer.bind(query).score(record, 0),
          TestQuantizers.tolerance(quantizer, query, decoded));
    }
  }

  @Test
  public void testZeroQueries() {
    for (Kind kind : TestQuantizers.kinds(10, 4)) {
      ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
      float[] query = new float[10];
      byte[] record = TestQuantizers.records(getRandom(), quantizer, 1);
      float[] decoded = TestQuantizers.decoded(quantizer, record, 0);
      assertEquals(
          kind.toString(),
          TestQuantizers.documentedScore(quantizer, query, decoded),
          quantizer.bind(query).score(record, 0),
          TestQuantizers.tolerance(quantizer, query, decoded));
    }
  }

  @Test
  public void testCosineDoesNotDependOnTheLengthOfTheQuery() {
    for (Kind kind : TestQuantizers.kinds(10, 4)) {
      if (kind.metric() != Metric.COSINE) {
        continue;
      }
      ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
      float[] query = TestVectors.gaussian(getRandom(), 10);
      byte[] record = TestQuantizers.records(getRandom(), quantizer, 1);
      float score = quantizer.bind(query).score(record, 0);
      for (double factor : new double[] {1e-20, 1e-3, 1e15}) {
        float scaled = quantizer.bind(TestVectors.times(query, factor)).score(record, 0);
        assertEquals(score, scaled, 1e-4 * (1 + Math.abs(score)));
      }
    }
  }

  @Test
  public void testDistancesAreNeverAboveZero() {
    Kind kind = new Kind(Metric.L2, Estimator.PLAIN, new PqParameters(8, 3, 4));
    ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
    for (int i = 0; i < 100; i++) {
      byte[] record = TestQuantizers.records(getRandom(), quantizer, 1);
      float[] query = TestQuantizers.decoded(quantizer, record, 0);
      assertTrue(quantizer.bind(query).score(record, 0) <= 0);
    }
  }

  @Test
  public void testBulkScoresAreTheScoresBitForBit() {
    for (int round = 0; round < 5; round++) {
      int dimension = randomIntBetween(1, 40);
      TestQuantizers.forAll(
          dimension, randomIntBetween(1, dimension), DistanceTableTests::checkBulk);
    }
  }

  private static void checkBulk(Kind kind) {
    ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
    DistanceTable table =
        quantizer.bind(TestVectors.gaussian(getRandom(), kind.parameters().dimension()));
    int count = randomIntBetween(0, 21);
    byte[] records = TestQuantizers.records(getRandom(), quantizer, count);
    float[] expected = new float[count];
    float best = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      expected[i] = table.score(records, i * quantizer.recordLength());
      best = Math.max(best, expected[i]);
    }
    float[] scores = new float[count];
    assertEquals(best, table.scores(records, count, scores), 0);
    assertArrayEquals(expected, scores, 0);
    int[] ordinals = new int[count];
    float[] picked = new float[count];
    float bestPicked = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      ordinals[i] = randomIntBetween(0, count - 1);
      picked[i] = expected[ordinals[i]];
      bestPicked = Math.max(bestPicked, picked[i]);
    }
    MemorySegment heap = MemorySegment.ofArray(records);
    assertEquals(bestPicked, table.scores(heap, ordinals, count, scores), 0);
    assertArrayEquals(kind.toString(), picked, scores, 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment off = arena.allocate(Math.max(1, records.length));
      MemorySegment.copy(heap, 0, off, 0, records.length);
      Arrays.fill(scores, 0);
      assertEquals(bestPicked, table.scores(off, ordinals, count, scores), 0);
      assertArrayEquals(kind.toString(), picked, scores, 0);
    }
  }

  @Test
  public void testTheBestOfNoneIsNegativeInfinity() {
    Kind kind = new Kind(Metric.L2, Estimator.PLAIN, new PqParameters(3, 2, 4));
    DistanceTable table = TestQuantizers.random(getRandom(), kind).bind(new float[3]);
    float[] none = {};
    assertEquals(Float.NEGATIVE_INFINITY, table.scores(new byte[0], 0, none), 0);
    MemorySegment empty = MemorySegment.ofArray(new byte[0]);
    assertEquals(Float.NEGATIVE_INFINITY, table.scores(empty, new int[0], 0, none), 0);
  }

  @Test
  public void testBadQueriesAreRefusedInWords() {
    Kind kind = new Kind(Metric.INNER_PRODUCT, Estimator.PLAIN, new PqParameters(3, 2, 4));
    ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
    assertRefused("dimension 4, the quantizer has 3", () -> quantizer.bind(new float[4]));
    for (float value : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, 1.1e17f, -1e30f}) {
      float[] query = {0, 1, value};
      assertRefused("not finite or beyond", () -> quantizer.bind(query));
      assertTrue(!ProductQuantizer.bindable(query));
    }
    assertTrue(ProductQuantizer.bindable(new float[] {0, 1e17f, -1e17f}));
  }
}
