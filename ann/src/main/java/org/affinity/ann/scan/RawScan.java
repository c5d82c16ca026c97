/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.scan;

import java.io.IOException;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/** Compares raw vectors, {@value VisitCount#STEP} at a time, and collects them. For one thread. */
public final class RawScan {

  /** The name of a search that compares all, for a profile. */
  public static final String METHOD = "exact";

  private static final int BULK = VisitCount.STEP;

  private final RandomVectorScorer scorer;
  private final KnnCollector collector;
  private final VisitCount visits;
  private final int[] ords = new int[BULK];
  private final float[] scores = new float[BULK];
  private int pending;

  public RawScan(RandomVectorScorer scorer, KnnCollector collector) {
    this.scorer = scorer;
    this.collector = collector;
    this.visits = new VisitCount(collector);
  }

  /** Compares all accepted vectors. */
  public void searchAll(AcceptDocs acceptDocs) throws IOException {
    Bits accepted = scorer.getAcceptOrds(acceptDocs.bits());
    for (int ord = 0; ord < scorer.maxOrd(); ord++) {
      if ((accepted == null || accepted.get(ord)) && !add(ord)) {
        return;
      }
    }
    finish();
  }

  /** Compares all accepted vectors but those of {@code done}. */
  public void searchOthers(Bits accepted, Bits done) throws IOException {
    for (int ord = 0; ord < scorer.maxOrd(); ord++) {
      if ((accepted == null || accepted.get(ord)) && !done.get(ord) && !add(ord)) {
        return;
      }
    }
    finish();
  }

  /**
   * Compares the vectors of a few accepted documents, without a look at the others.
   *
   * @param docs iterates over all documents with a vector
   */
  public void searchFew(DocIdSetIterator accepted, KnnVectorValues.DocIndexIterator docs)
      throws IOException {
    for (int doc = accepted.nextDoc();
        doc != DocIdSetIterator.NO_MORE_DOCS;
        doc = accepted.nextDoc()) {
      int next = docs.docID() < doc ? docs.advance(doc) : docs.docID();
      if (next == doc && !add(docs.index())) {
        return;
      }
    }
    finish();
  }

  private boolean add(int ord) throws IOException {
    if (visits.visit(1) == 0) {
      finish();
      return false;
    }
    ords[pending++] = ord;
    if (pending == BULK) {
      collect(ords, scores, pending);
      pending = 0;
    }
    return true;
  }

  private void finish() throws IOException {
    collect(ords, scores, pending);
    pending = 0;
    visits.finish();
  }

  /** Scores and collects some, without counting them; returns the best score. */
  private float collect(int[] some, float[] theirs, int count) throws IOException {
    if (count == 0) {
      return Float.NEGATIVE_INFINITY;
    }
    float best = scorer.bulkScore(some, theirs, count);
    if (best >= collector.minCompetitiveSimilarity()) {
      for (int i = 0; i < count; i++) {
        collector.collect(scorer.ordToDoc(some[i]), theirs[i]);
      }
    }
    return best;
  }

  /** Collects those vectors, which are counted already. */
  public void rescore(int[] candidates) throws IOException {
    for (int from = 0; from < candidates.length; from += BULK) {
      int count = Math.min(BULK, candidates.length - from);
      System.arraycopy(candidates, from, ords, 0, count);
      collect(ords, scores, count);
    }
  }

  /**
   * Collects vectors as long as one in {@value VisitCount#STEP} is competitive.
   *
   * @param candidates the most promising first
   * @return how many were collected, all of them if the collector never lost interest
   */
  public int rescoreWhileCompetitive(int[] candidates) throws IOException {
    for (int from = 0; from < candidates.length; from += BULK) {
      int count = Math.min(BULK, candidates.length - from);
      System.arraycopy(candidates, from, ords, 0, count);
      if (collect(ords, scores, count) < collector.minCompetitiveSimilarity()) {
        return from + count;
      }
    }
    return candidates.length;
  }
}
