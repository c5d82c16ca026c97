/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import org.apache.lucene.search.AbstractKnnCollector;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TotalHits;
import org.apache.lucene.util.BitSet;

/** Collects the best child of each of the k best parents. For one thread. */
final class BestChildrenCollector extends AbstractKnnCollector {

  private final BitSet parents;
  private final BestChildren best;

  BestChildrenCollector(int k, int visitLimit, CandidateSearch search, BitSet parents) {
    super(k, visitLimit, search);
    this.parents = parents;
    this.best = new BestChildren(k);
  }

  /** The parent of a document; itself if none follows. */
  static int parentOf(int doc, BitSet parents) {
    int parent = doc < parents.length() ? parents.nextSetBit(doc) : DocIdSetIterator.NO_MORE_DOCS;
    return parent == DocIdSetIterator.NO_MORE_DOCS ? doc : parent;
  }

  @Override
  public boolean collect(int docId, float similarity) {
    return best.add(parentOf(docId, parents), docId, similarity);
  }

  @Override
  public int numCollected() {
    return best.size();
  }

  @Override
  public float minCompetitiveSimilarity() {
    return best.leastScore();
  }

  @Override
  public TopDocs topDocs() {
    ScoreDoc[] hits = best.bestFirst();
    TotalHits.Relation relation =
        earlyTerminated()
            ? TotalHits.Relation.GREATER_THAN_OR_EQUAL_TO
            : TotalHits.Relation.EQUAL_TO;
    return new TopDocs(new TotalHits(visitedCount(), relation), hits);
  }
}
