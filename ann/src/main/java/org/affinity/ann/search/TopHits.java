/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.util.PriorityQueue;

/** The k best hits; the earlier document wins a tie. For one thread. */
final class TopHits extends PriorityQueue<ScoreDoc> {

  private final int k;

  TopHits(int k) {
    super(k);
    this.k = k;
  }

  @Override
  protected boolean lessThan(ScoreDoc a, ScoreDoc b) {
    return a.score < b.score || (a.score == b.score && a.doc > b.doc);
  }

  void add(int doc, float score) {
    if (size() < k) {
      add(new ScoreDoc(doc, score));
    } else {
      ScoreDoc worst = top();
      if (score > worst.score || (score == worst.score && doc < worst.doc)) {
        updateTop(new ScoreDoc(doc, score));
      }
    }
  }

  ScoreDoc[] bestFirst() {
    ScoreDoc[] hits = new ScoreDoc[size()];
    for (int i = hits.length - 1; i >= 0; i--) {
      hits[i] = pop();
    }
    return hits;
  }
}
