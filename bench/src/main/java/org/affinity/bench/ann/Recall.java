/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;

/**
 * The share of the true neighbours that was found, ties counted as hits.
 *
 * @param fewestHits the least any query got, right or wrong
 */
record Recall(double recall, int fewestHits) {

  static Recall of(
      VectorSet set,
      BuiltIndex.Searcher searcher,
      FilteredRows filter,
      int k,
      int effort,
      GroundTruth truth)
      throws IOException {
    int[] hits = new int[k];
    float[] row = new float[set.dimension()];
    long right = 0;
    int fewest = k;
    for (int q = 0; q < set.queries().size(); q++) {
      int count = searcher.search(set.queries().get(q), k, effort, filter, hits);
      right += truth.right(set, q, k, hits, count, row);
      fewest = Math.min(fewest, count);
    }
    int eligible = filter == null ? set.base().size() : filter.eligible().cardinality();
    return new Recall(right / ((double) Math.min(k, eligible) * set.queries().size()), fewest);
  }
}
