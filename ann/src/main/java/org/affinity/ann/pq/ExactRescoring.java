/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import org.affinity.ann.search.CandidateSearch;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.search.VectorScorer;
import org.apache.lucene.search.knn.MultiLeafKnnCollector;

/**
 * Turns a search over codes into one with exact scores, for callers that do not rescore themselves
 * ({@link CandidateSearch}): more candidates by code, then their raw floats.
 */
public final class ExactRescoring {

  /** Never more candidates than this because of oversampling. */
  private static final int MOST_CANDIDATES = 1000;

  private ExactRescoring() {}

  /** A search that collects candidates by approximate score. */
  @FunctionalInterface
  public interface ApproximateSearch {
    void search(KnnCollector collector, AcceptDocs acceptDocs) throws IOException;
  }

  /**
   * Whether the best candidates by code are what a collector is after: it keeps the k best, or its
   * caller rescores. Of others (radial ones, those that keep the best child of a parent, those with
   * a clock) k says little, so they must see every score exactly.
   */
  public static boolean understands(KnnCollector collector) {
    return collector.getSearchStrategy() instanceof CandidateSearch
        || collector.getClass() == TopKnnCollector.class
        || collector.getClass() == MultiLeafKnnCollector.class;
  }

  /**
   * How many of the best by code to rescore: as many as a caller asks for that asked for
   * candidates, else more than neighbours.
   */
  static int candidates(KnnCollector collector, int oversample) {
    int k = collector.k();
    return collector.getSearchStrategy() instanceof CandidateSearch
        ? k
        : Math.max(k, (int) Math.min(MOST_CANDIDATES, (long) oversample * k));
  }

  /**
   * Searches, and rescores unless the caller does.
   *
   * @param oversample candidates per asked neighbour
   * @param raw the segment's raw vectors
   * @param collector one that this class {@link #understands}
   */
  public static void search(
      ApproximateSearch approximate,
      int oversample,
      FloatVectorValues raw,
      float[] target,
      KnnCollector collector,
      AcceptDocs acceptDocs)
      throws IOException {
    if (collector.getSearchStrategy() instanceof CandidateSearch || collector.k() == 0) {
      approximate.search(collector, acceptDocs);
      return;
    }
    int candidates = candidates(collector, oversample);
    long left = collector.visitLimit() - collector.visitedCount();
    TopKnnCollector inner =
        new TopKnnCollector(
            candidates, (int) Math.min(Integer.MAX_VALUE, left), collector.getSearchStrategy());
    approximate.search(inner, acceptDocs);
    collector.incVisitedCount((int) inner.visitedCount());
    ScoreDoc[] found = inner.topDocs().scoreDocs;
    Arrays.sort(found, Comparator.comparingInt(hit -> hit.doc));
    VectorScorer scorer = raw.scorer(target);
    DocIdSetIterator docs = scorer.iterator();
    for (ScoreDoc hit : found) {
      if (docs.advance(hit.doc) == hit.doc) {
        collector.collect(hit.doc, scorer.score());
      }
    }
  }

  /** Shows a collector exact scores in place of the approximate ones of a search. */
  public static KnnCollector exactly(
      FloatVectorValues raw, float[] target, KnnCollector collector) {
    return new ExactCollector(raw, target, collector);
  }

  private static final class ExactCollector extends KnnCollector.Decorator {
    private final FloatVectorValues raw;
    private final float[] target;
    private VectorScorer scorer;

    ExactCollector(FloatVectorValues raw, float[] target, KnnCollector collector) {
      super(collector);
      this.raw = raw;
      this.target = target;
    }

    @Override
    public boolean collect(int docId, float similarity) {
      try {
        // Iterators only go forward.
        if (scorer == null || scorer.iterator().docID() >= docId) {
          scorer = raw.scorer(target);
        }
        scorer.iterator().advance(docId);
        return super.collect(docId, scorer.score());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
