/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import org.apache.lucene.search.BulkScorer;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.LeafCollector;
import org.apache.lucene.search.Scorable;
import org.apache.lucene.util.Bits;

/**
 * Scores a whole segment: the keywords' own bulk scorer, whichever Lucene picked, collects into
 * {@link BlendBatch batches}, and what recall found joins in its place. Gives the same documents
 * and the same scores as {@link BlendScorer}, sooner.
 */
final class BlendBulkScorer extends BulkScorer {

  private final BlendBatch batch;
  private final BlendFormula formula;
  private final BulkScorer keywords;
  private final DocIdSetIterator recall;

  /** Outlives a call: a collector says it once, and comes back for the next range. */
  private float minScore;

  /**
   * @param keywords null if they match nothing here
   * @param recall null if there is none; one of the two is needed
   */
  BlendBulkScorer(BlendParts parts, BulkScorer keywords, DocIdSetIterator recall) {
    this.batch = new BlendBatch(parts);
    this.formula = parts.formula();
    this.keywords = keywords;
    this.recall = recall == null ? DocIdSetIterator.empty() : recall;
  }

  @Override
  public int score(LeafCollector collector, Bits acceptDocs, int min, int max) throws IOException {
    if (recall.docID() < min) {
      recall.advance(min);
    }
    batch.clear();
    Blending blending = new Blending(collector, acceptDocs);
    // The keywords may not: some that match nothing in a range return at once.
    collector.setScorer(blending);
    int next =
        keywords == null
            ? DocIdSetIterator.NO_MORE_DOCS
            : keywords.score(blending, acceptDocs, min, max);
    blending.recalledBefore(max);
    blending.flush();
    return Math.min(next, recall.docID());
  }

  @Override
  public long cost() {
    return (keywords == null ? 0 : keywords.cost()) + recall.cost();
  }

  /** Takes what the keywords match, and is the score of what it hands on. */
  private final class Blending extends Scorable implements LeafCollector {

    private final LeafCollector collector;
    private final Bits acceptDocs;

    /** Batches would lag behind a collector that skips documents of its own accord. */
    private final int batchSize;

    private final DocIdSetIterator competitive;

    /** The score of the keywords. */
    private Scorable relevance;

    private float score;

    Blending(LeafCollector collector, Bits acceptDocs) throws IOException {
      this.collector = collector;
      this.acceptDocs = acceptDocs;
      this.competitive = collector.competitiveIterator();
      this.batchSize = competitive == null ? BlendBatch.SIZE : 1;
    }

    @Override
    public void setScorer(Scorable scorer) throws IOException {
      relevance = scorer;
      pruneKeywords();
    }

    @Override
    public DocIdSetIterator competitiveIterator() {
      return competitive;
    }

    @Override
    public void collect(int doc) throws IOException {
      recalledBefore(doc);
      if (recall.docID() == doc) {
        recall.nextDoc();
      }
      batch.add(doc, relevance.score());
      flushIfFull();
    }

    /** Documents that recall alone found: their relevance is 0. */
    void recalledBefore(int end) throws IOException {
      for (int doc = recall.docID(); doc < end; doc = recall.nextDoc()) {
        if (acceptDocs == null || acceptDocs.get(doc)) {
          batch.addRecalled(doc);
          flushIfFull();
        }
      }
    }

    private void flushIfFull() throws IOException {
      if (batch.size() == batchSize) {
        flush();
      }
    }

    void flush() throws IOException {
      if (batch.size() == 0) {
        return;
      }
      batch.score(minScore);
      for (int i = 0; i < batch.size(); i++) {
        score = batch.score(i);
        if (score >= minScore) {
          collector.collect(batch.doc(i));
        }
      }
      batch.clear();
    }

    @Override
    public float score() {
      return score;
    }

    @Override
    public void setMinCompetitiveScore(float newMinScore) throws IOException {
      minScore = newMinScore;
      pruneKeywords();
    }

    private void pruneKeywords() throws IOException {
      float minRelevance = minScore > 0 ? formula.minRelevance(minScore) : 0;
      if (minRelevance > 0 && relevance != null) {
        relevance.setMinCompetitiveScore(minRelevance);
      }
    }
  }
}
