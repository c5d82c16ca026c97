/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.affinity.quantization.TestQuantizers.Kind;
import org.junit.Test;

public class ExaminationTests extends RandomizedTest {

  private static ProductQuantizer constant(Metric metric, int dimension) {
    PqParameters parameters = new PqParameters(dimension, 1, 4);
    return new ProductQuantizer(
        new Frame(metric, new float[dimension], null),
        new Codebook(parameters, false, new float[dimension * 16]),
        Estimator.PLAIN,
        new Training(1, new ReconstructionError(0, 0), List.of()));
  }

  @Test
  public void testRecallIsThatOfBruteForce() {
    for (Kind kind : TestQuantizers.kinds(6, 6)) {
      if (kind.parameters().bits() == 4) {
        continue;
      }
      List<float[]> vectors = TestVectors.gaussians(getRandom(), 6, 300);
      List<float[]> queries = TestVectors.gaussians(getRandom(), 6, 20);
      ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
      List<byte[]> records =
          vectors.stream().map(vector -> TestQuantizers.encoded(quantizer, vector)).toList();
      double sum = 0;
      for (float[] query : queries) {
        DistanceTable table = quantizer.bind(query);
        List<Integer> best = first(10, i -> kind.metric().score(query, vectors.get(i)));
        List<Integer> byCode = first(20, i -> table.score(records.get(i), 0));
        Set<Integer> found = new HashSet<>(best);
        found.retainAll(new HashSet<>(byCode));
        sum += found.size() / 10.0;
      }
      float recall = new Examination(kind.metric(), vectors, queries).recall(quantizer);
      // Codes of equal score may stand on either side of the last place.
      assertEquals(kind.toString(), sum / 20, recall, 0.02);
    }
  }

  private static List<Integer> first(int count, java.util.function.IntToDoubleFunction score) {
    return IntStream.range(0, 300)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -score.applyAsDouble(i)))
        .limit(count)
        .toList();
  }

  @Test
  public void testCodesThatTellNothingGetTheirShare() {
    List<float[]> vectors = TestVectors.gaussians(getRandom(), 3, 200);
    List<float[]> queries = TestVectors.gaussians(getRandom(), 3, 5);
    float recall = new Examination(Metric.L2, vectors, queries).recall(constant(Metric.L2, 3));
    assertEquals(20 / 200f, recall, 1e-6);
  }

  @Test
  public void testVectorsThatScoreAsWellAsTheTenthCount() {
    List<float[]> vectors = IntStream.range(0, 100).mapToObj(i -> new float[] {1, 2}).toList();
    List<float[]> queries = List.of(new float[] {3, 1});
    float recall =
        new Examination(Metric.INNER_PRODUCT, vectors, queries)
            .recall(constant(Metric.INNER_PRODUCT, 2));
    assertTrue(recall == 1);
  }
}
