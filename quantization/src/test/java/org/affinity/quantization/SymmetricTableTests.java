/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import org.affinity.quantization.TestQuantizers.Kind;
import org.junit.Test;

public class SymmetricTableTests extends RandomizedTest {

  /** The metric's score of two decoded vectors, by the formulas of {@link DistanceTable}. */
  private static double score(ProductQuantizer quantizer, float[] a, float[] b) {
    return switch (quantizer.metric()) {
      case INNER_PRODUCT -> TestVectors.dot(a, b);
      case COSINE ->
          quantizer.estimator().weighted()
              ? TestVectors.dot(a, b)
              : 1 - VectorMath.squaredDistance(a, b) / 2;
      case L2 -> -VectorMath.squaredDistance(a, b);
    };
  }

  @Test
  public void testScoresAreThoseOfTheDecodedVectors() {
    int dimension = randomIntBetween(2, 12);
    for (Kind kind : TestQuantizers.kinds(dimension, randomIntBetween(1, dimension))) {
      ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
      SymmetricTable table = quantizer.symmetricTable();
      byte[] records = TestQuantizers.records(getRandom(), quantizer, 20);
      int length = quantizer.recordLength();
      for (int a = 0; a < 20 * length; a += length) {
        for (int b = 0; b < 20 * length; b += length) {
          float[] decodedA = TestQuantizers.decoded(quantizer, records, a);
          float[] decodedB = TestQuantizers.decoded(quantizer, records, b);
          assertEquals(
              kind.toString(),
              score(quantizer, decodedA, decodedB),
              table.score(records, a, records, b),
              TestQuantizers.tolerance(quantizer, decodedA, decodedB));
        }
      }
    }
  }

  @Test
  public void testRecordsOfTwoArrays() {
    for (Kind kind : TestQuantizers.kinds(5, 2)) {
      ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
      SymmetricTable table = quantizer.symmetricTable();
      byte[] records = TestQuantizers.records(getRandom(), quantizer, 2);
      int length = quantizer.recordLength();
      byte[] second = java.util.Arrays.copyOfRange(records, length, 2 * length);
      float score = table.score(records, 0, records, length);
      assertEquals(score, table.score(records, 0, second, 0), 0);
      assertEquals(score, table.score(second, 0, records, 0), 1e-4 * (1 + Math.abs(score)));
    }
  }

  @Test
  public void testMemoryIsThatOfThePairs() {
    for (Kind kind : TestQuantizers.kinds(6, 3)) {
      long k = kind.parameters().centroids();
      long pairs = 4 * 3 * k * k * (kind.estimator().residual() ? 2 : 1);
      long bytes = TestQuantizers.random(getRandom(), kind).symmetricTable().ramBytesUsed();
      assertTrue(bytes >= pairs && bytes <= pairs + 4 * 3 * k);
    }
  }
}
