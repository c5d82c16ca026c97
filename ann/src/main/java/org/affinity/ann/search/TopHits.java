/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.util.NumericUtils;
import org.apache.lucene.util.TernaryLongHeap;

/** The k best hits; the earlier document wins a tie. For one thread. */
final class TopHits {

  /** Score in the upper half, so that greater is better; of equals the lower document. */
  private final TernaryLongHeap keys;

  TopHits(int k) {
    this.keys = new TernaryLongHeap(k);
  }

  void add(int doc, float score) {
    keys.insertWithOverflow(key(doc, score));
  }

  ScoreDoc[] bestFirst() {
    ScoreDoc[] hits = new ScoreDoc[keys.size()];
    for (int i = hits.length - 1; i >= 0; i--) {
      long key = keys.pop();
      float score = NumericUtils.sortableIntToFloat((int) (key >> 32));
      hits[i] = new ScoreDoc(~(int) key, score);
    }
    return hits;
  }

  private static long key(int doc, float score) {
    // Plus zero: there are two zeros, which tie.
    return ((long) NumericUtils.floatToSortableInt(score + 0f) << 32) | (0xFFFFFFFFL & ~doc);
  }
}
