/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import org.affinity.bench.report.Numbers;
import org.junit.Test;

/** Results of several runs in one. */
public class AnnResultTests {

  @Test
  public void testAJoinedResultTellsWhatEachSetWasRunOn() {
    AnnResult three =
        result("a", "clustered-1000x64")
            .and(result("b", "clustered-2000x64"))
            .and(result("a", "clustered-4000x64"));
    assertEquals(
        Map.of(
            "clustered-1000x64", Map.of("commit", "a"),
            "clustered-2000x64", Map.of("commit", "b"),
            "clustered-4000x64", Map.of("commit", "a")),
        three.run());
    String text = Markdown.of(three, Bars.of(three), List.of());
    assertTrue(text, text.contains("- clustered-2000x64: commit b\n"));
  }

  @Test
  public void testTimesOfDifferentRunsHaveNoExponent() {
    AnnResult one = result("a", "clustered-1000x64", "clustered-4000x64");
    assertEquals(2, new Growth(one, Candidates.IVF, 64).sizes().size());
    AnnResult joined = result("a", "clustered-1000x64").and(result("b", "clustered-4000x64"));
    assertEquals(0, new Growth(joined, Candidates.IVF, 64).sizes().size());
  }

  @Test
  public void testTheMedianOfTwoIsTheirMean() {
    assertEquals(2, Numbers.median(new double[] {3, 1}), 0);
    assertEquals(3, Numbers.median(new double[] {9, 1, 3}), 0);
  }

  private static AnnResult result(String commit, String... sets) {
    List<AnnResult.Index> indices =
        java.util.Arrays.stream(sets)
            .map(
                set ->
                    new AnnResult.Index(
                        set,
                        Candidates.IVF,
                        Candidate.Side.OURS,
                        GeneratedSet.parse(set).size(),
                        64,
                        1,
                        1,
                        Map.of(FileKind.RAW, 256.0),
                        0))
            .toList();
    return new AnnResult(Map.of("commit", commit), indices, List.of(), List.of(), List.of());
  }
}
