/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.affinity.bench.report.Bar;
import org.junit.Test;

public class BarsTests {

  private final List<AnnResult.Index> indices = new ArrayList<>();
  private final List<AnnResult.Point> points = new ArrayList<>();
  private final List<AnnResult.Merge> merges = new ArrayList<>();

  @Test
  public void testSpeedOfIvfOverLucene() {
    index(VectorSets.GLOVE, Candidates.IVF, 100_000, 10);
    index(VectorSets.GLOVE, Candidates.BASE, 100_000, 100);
    points(VectorSets.GLOVE, Candidates.BASE, 100);
    points(VectorSets.GLOVE, Candidates.IVF, 310);
    assertEquals(true, bar("ivf-pq: q/s ≥ 3.00 × lucene-hnsw-float at recall@10 0.95").met());
    assertNull(
        "no 1-bit peer took part",
        bar("ivf-pq: q/s ≥ 5.00 × lucene-hnsw-1bit at recall@10 0.95").met());
    assertEquals(true, bar("ivf-pq: build ≤ 0.25").met());
  }

  @Test
  public void testAMissIsAMiss() {
    index(VectorSets.GLOVE, Candidates.IVF, 100_000, 50);
    index(VectorSets.GLOVE, Candidates.BASE, 100_000, 100);
    points(VectorSets.GLOVE, Candidates.BASE, 100);
    points(VectorSets.GLOVE, Candidates.IVF, 290);
    merges.add(
        new AnnResult.Merge(VectorSets.GLOVE, Candidates.BASE, MergeRun.EIGHT, 100, 100, null));
    merges.add(new AnnResult.Merge(VectorSets.GLOVE, Candidates.IVF, MergeRun.EIGHT, 16, 16, 0.9));
    Bar speed = bar("ivf-pq: q/s ≥ 3.00 × lucene-hnsw-float at recall@10 0.95");
    assertEquals("**missed**", speed.verdict());
    assertEquals("2.90", speed.reached());
    assertEquals(false, bar("ivf-pq: build ≤ 0.25").met());
    assertEquals(false, bar("ivf-pq: merge of 8 equal").met());
  }

  @Test
  public void testAPeerThatNeverGetsThereIsBeatenAndSoAreWe() {
    index(VectorSets.GLOVE, Candidates.IVF, 100_000, 10);
    index(VectorSets.GLOVE, Candidates.BASE, 100_000, 100);
    points.add(point(VectorSets.GLOVE, Candidates.BASE, 0.97, 100));
    points(VectorSets.GLOVE, Candidates.IVF, 10);
    assertEquals(true, bar("ivf-pq: q/s ≥ 3.00 × lucene-hnsw-float at recall@10 0.99").met());
    points.clear();
    points(VectorSets.GLOVE, Candidates.BASE, 100);
    points.add(point(VectorSets.GLOVE, Candidates.IVF, 0.97, 1000));
    assertEquals(false, bar("ivf-pq: q/s ≥ 3.00 × lucene-hnsw-float at recall@10 0.99").met());
  }

  @Test
  public void testGrowth() {
    for (int n : new int[] {100_000, 1_000_000, 10_000_000}) {
      String data = new GeneratedSet(n, 64).name();
      index(data, Candidates.IVF, n, n * 1e-4);
      points(data, Candidates.IVF, 1e6 / Math.pow(n, 0.6));
    }
    assertEquals("0.600", bar("ivf-pq: exponent of query time").reached());
    assertEquals(false, bar("ivf-pq: exponent of query time").met());
    assertEquals(true, bar("ivf-pq: exponent of build").met());
  }

  private Bar bar(String start) {
    List<Bar> found =
        Bars.of(new AnnResult(Map.of(), indices, points, merges, List.of())).stream()
            .filter(bar -> bar.bar().startsWith(start))
            .toList();
    assertTrue(start, found.size() == 1);
    return found.get(0);
  }

  private void index(String data, String candidate, int vectors, double build) {
    indices.add(
        new AnnResult.Index(
            data,
            candidate,
            Candidate.Side.OURS,
            vectors,
            64,
            build,
            build,
            Map.of(FileKind.RAW, 400.0, "graph", 60.0),
            1000));
  }

  private void points(String data, String candidate, double rate) {
    points.add(point(data, candidate, 0.9, 2 * rate));
    points.add(point(data, candidate, 0.95, rate));
    points.add(point(data, candidate, 0.995, rate / 2));
  }

  private static AnnResult.Point point(String data, String candidate, double recall, double rate) {
    return new AnnResult.Point(
        data, candidate, Form.PLAIN, null, 10, 50, recall, 10, rate, rate, null, 1, 1, 1);
  }
}
