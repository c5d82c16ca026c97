/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.TwoPhaseIterator;

/** Leads with the keyword scorer, joined by what recall found; at least one of them exists. */
final class BlendScorer extends Scorer {

  private final BlendParts parts;
  private final Scorer relevance;
  private final DocIdSetIterator relevanceDocs;
  private final DocIdSetIterator docs;

  /** Whether only the keyword scorer leads: then its two phases and its blocks are ours. */
  private final boolean keywordsOnly;

  BlendScorer(BlendParts parts, Scorer relevance, Scorer recall) {
    this.parts = parts;
    this.relevance = relevance;
    this.keywordsOnly = recall == null;
    this.relevanceDocs = relevance == null || keywordsOnly ? null : relevance.iterator();
    this.docs =
        keywordsOnly
            ? relevance.iterator()
            : relevanceDocs == null
                ? recall.iterator()
                : new UnionIterator(relevanceDocs, recall.iterator());
  }

  @Override
  public int docID() {
    return docs.docID();
  }

  @Override
  public DocIdSetIterator iterator() {
    return docs;
  }

  @Override
  public TwoPhaseIterator twoPhaseIterator() {
    return keywordsOnly ? relevance.twoPhaseIterator() : null;
  }

  @Override
  public float score() throws IOException {
    boolean matched = keywordsOnly || (relevance != null && relevanceDocs.docID() == docID());
    double others = parts.sum(docID());
    return matched
        ? parts.formula().score(relevance.score(), others)
        : parts.formula().score(others);
  }

  @Override
  public int advanceShallow(int target) throws IOException {
    return keywordsOnly ? relevance.advanceShallow(target) : DocIdSetIterator.NO_MORE_DOCS;
  }

  @Override
  public float getMaxScore(int upTo) throws IOException {
    float maxRelevance = 0;
    if (relevance != null) {
      maxRelevance = relevance.getMaxScore(keywordsOnly ? upTo : DocIdSetIterator.NO_MORE_DOCS);
    }
    return parts.formula().maxScore(maxRelevance);
  }

  /**
   * Documents the keyword scorer then skips cannot reach {@code minScore}. One that recall found as
   * well is still visited, with relevance 0: less than its true score, which does not count either.
   */
  @Override
  public void setMinCompetitiveScore(float minScore) throws IOException {
    if (relevance != null) {
      float minRelevance = parts.formula().minRelevance(minScore);
      if (minRelevance > 0) {
        relevance.setMinCompetitiveScore(minRelevance);
      }
    }
  }

  /** Matches of the keywords and of recall together. */
  private static final class UnionIterator extends DocIdSetIterator {
    private final DocIdSetIterator a;
    private final DocIdSetIterator b;
    private int doc = -1;

    UnionIterator(DocIdSetIterator a, DocIdSetIterator b) {
      this.a = a;
      this.b = b;
    }

    @Override
    public int docID() {
      return doc;
    }

    @Override
    public int nextDoc() throws IOException {
      return advance(doc + 1);
    }

    @Override
    public int advance(int target) throws IOException {
      if (a.docID() < target) {
        a.advance(target);
      }
      if (b.docID() < target) {
        b.advance(target);
      }
      doc = Math.min(a.docID(), b.docID());
      return doc;
    }

    @Override
    public long cost() {
      return a.cost() + b.cost();
    }
  }
}
