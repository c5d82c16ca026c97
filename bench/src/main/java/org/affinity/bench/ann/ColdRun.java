/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;
import java.nio.file.Path;
import org.affinity.bench.ann.BuiltIndex.Searcher;

/**
 * Wall-clock speed of one candidate at its default settings, warm and with the page cache empty.
 */
final class ColdRun {

  /** Cold queries wait for the disk: fewer of them say enough. */
  private static final int MOST_QUERIES = 200;

  private static final int PASSES = 3;
  private static final String RAW = ".vec";

  private ColdRun() {}

  static AnnResult.Cold run(
      VectorSet all, Candidate candidate, Path folder, GroundTruth truth, PageCache cache)
      throws IOException {
    VectorSet set = all.withQueries(MOST_QUERIES);
    int queries = set.queries().size();
    cache.evict(folder, "");
    double allCold;
    Form form;
    double warm;
    double recall;
    double eachPass = 0;
    double eachQuery = 0;
    try (BuiltIndex index = candidate.open(set, folder)) {
      form = index.forms().get(0);
      cache.evict(folder, "");
      try (Searcher searcher = index.searcher(form)) {
        allCold = queries / pass(set, searcher).wallSeconds();
        recall = Recall.of(all, searcher, null, 10, Searcher.DEFAULT, truth).recall();
        warm = 0;
        for (int i = 0; i < PASSES; i++) {
          warm = Math.max(warm, queries / pass(set, searcher).wallSeconds());
        }
        for (int i = 0; i < PASSES; i++) {
          cache.evict(folder, RAW);
          eachPass = Math.max(eachPass, queries / pass(set, searcher).wallSeconds());
        }
        int[] hits = new int[10];
        long nanos = 0;
        for (int q = 0; q < queries; q++) {
          float[] target = set.queries().get(q);
          cache.evict(folder, RAW);
          long start = System.nanoTime();
          searcher.search(target, 10, Searcher.DEFAULT, null, hits);
          nanos += System.nanoTime() - start;
        }
        eachQuery = queries / (nanos / 1e9);
      }
    }
    return new AnnResult.Cold(
        set.name(), candidate.name(), form, recall, warm, allCold, eachPass, eachQuery);
  }

  private static Pass pass(VectorSet set, Searcher searcher) throws IOException {
    return Pass.unprepared(
        new Pass.Request(set, set.queries().size(), null, 10, Searcher.DEFAULT), searcher);
  }
}
