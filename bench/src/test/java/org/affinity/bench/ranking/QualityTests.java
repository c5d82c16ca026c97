/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import static org.junit.Assert.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.Test;

/** Measures by hand. */
public class QualityTests {

  private static final double LOG3 = Math.log(3) / Math.log(2);

  @Test
  public void testGradedGainIsDiscountedByRankAndDividedByTheBestOrder() {
    Quality quality = Quality.of(List.of("x", "b", "a"), Map.of("a", 3, "b", 1, "c", 0), 2);
    assertEquals((1 / LOG3 + 7.0 / 2) / (7 + 1 / LOG3), quality.ndcg10(), 1e-12);
    assertEquals("b has grade 1, which is not relevant", 1.0 / 3, quality.reciprocalRank(), 0);
    assertEquals(1, quality.recall10(), 0);
    assertEquals(1, Quality.of(List.of("a", "b"), Map.of("a", 3, "b", 1), 1).ndcg10(), 1e-12);
  }

  @Test
  public void testRankTenCountsAndElevenDoesNot() {
    List<String> ranking = IntStream.rangeClosed(1, 120).mapToObj(Integer::toString).toList();
    Quality tenth = Quality.of(ranking, Map.of("10", 1), 1);
    assertEquals(Math.log(2) / Math.log(11), tenth.ndcg10(), 1e-12);
    assertEquals(1, tenth.recall10(), 0);
    Quality eleventh = Quality.of(ranking, Map.of("11", 1, "101", 1), 1);
    assertEquals(0, eleventh.ndcg10(), 0);
    assertEquals(1.0 / 11, eleventh.reciprocalRank(), 0);
    assertEquals(0, eleventh.recall10(), 0);
    assertEquals("rank 101 is too late", 0.5, eleventh.recall100(), 0);
  }

  @Test
  public void testMoreThanTenRelevantCanStillBePerfect() {
    Map<String, Integer> grades = new HashMap<>();
    IntStream.range(0, 15).forEach(i -> grades.put("d" + i, 1));
    Quality quality = Quality.of(IntStream.range(0, 10).mapToObj(i -> "d" + i).toList(), grades, 1);
    assertEquals(1, quality.ndcg10(), 1e-12);
    assertEquals(10.0 / 15, quality.recall10(), 1e-12);
  }

  @Test
  public void testMeansAreOfQueries() {
    Quality mean =
        Quality.mean(List.of(new Quality(1, .5, .25, .75), new Quality(0, .5, .75, .25)));
    assertEquals(new Quality(.5, .5, .5, .5), mean);
  }
}
