/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Scorer;

/** Documents of one reader with their scores, and how they were found. Immutable. */
final class FoundDocs {

  /** Ascending. */
  private final int[] docs;

  private final float[] scores;

  /** {@code docs[starts[i]..starts[i + 1])} are in leaf i. */
  private final int[] starts;

  private final SearchPlan plan;

  private FoundDocs(IndexReader reader, ScoreDoc[] hits, SearchPlan plan) {
    this.plan = plan;
    this.docs = new int[hits.length];
    this.scores = new float[hits.length];
    List<LeafReaderContext> leaves = reader.leaves();
    this.starts = new int[leaves.size() + 1];
    for (int i = 0; i < hits.length; i++) {
      docs[i] = hits[i].doc;
      scores[i] = hits[i].score;
      starts[ReaderUtil.subIndex(hits[i].doc, leaves) + 1]++;
    }
    for (int i = 0; i < leaves.size(); i++) {
      starts[i + 1] += starts[i];
    }
  }

  /** Keeps the k best of all segments. */
  static FoundDocs of(
      IndexReader reader, List<LeafNearestSearch.Result> segments, int k, SearchPlan plan) {
    TopHits top = new TopHits(k);
    for (LeafNearestSearch.Result segment : segments) {
      for (ScoreDoc hit : segment.hits()) {
        top.add(hit.doc, hit.score);
      }
    }
    ScoreDoc[] hits = top.bestFirst();
    Arrays.sort(hits, Comparator.comparingInt(hit -> hit.doc));
    return new FoundDocs(reader, hits, plan);
  }

  SearchPlan plan() {
    return plan;
  }

  int size() {
    return docs.length;
  }

  int size(int leaf) {
    return starts[leaf + 1] - starts[leaf];
  }

  /** The score of a document by its global number; NaN if it was not found. */
  float score(int doc) {
    int found = Arrays.binarySearch(docs, doc);
    return found < 0 ? Float.NaN : scores[found];
  }

  Scorer scorer(LeafReaderContext leaf, float boost) {
    return new FoundDocsScorer(
        new Iterator(starts[leaf.ord], starts[leaf.ord + 1], leaf.docBase), boost);
  }

  private final class FoundDocsScorer extends Scorer {
    private final Iterator iterator;
    private final float boost;

    FoundDocsScorer(Iterator iterator, float boost) {
      this.iterator = iterator;
      this.boost = boost;
    }

    @Override
    public int docID() {
      return iterator.doc;
    }

    @Override
    public DocIdSetIterator iterator() {
      return iterator;
    }

    @Override
    public float score() {
      return scores[iterator.current] * boost;
    }

    @Override
    public float getMaxScore(int upTo) {
      float max = 0;
      for (int i = iterator.from; i < iterator.to; i++) {
        max = Math.max(max, scores[i]);
      }
      return max * boost;
    }
  }

  private final class Iterator extends DocIdSetIterator {
    private final int from;
    private final int to;
    private final int docBase;
    private int current;
    private int doc = -1;

    Iterator(int from, int to, int docBase) {
      this.from = from;
      this.to = to;
      this.docBase = docBase;
      this.current = from - 1;
    }

    @Override
    public int docID() {
      return doc;
    }

    @Override
    public int nextDoc() {
      return moveTo(current + 1);
    }

    @Override
    public int advance(int target) {
      if (target == NO_MORE_DOCS) {
        return moveTo(to);
      }
      int found = Arrays.binarySearch(docs, Math.min(current + 1, to), to, docBase + target);
      return moveTo(found < 0 ? -found - 1 : found);
    }

    private int moveTo(int index) {
      current = Math.min(index, to);
      doc = current < to ? docs[current] - docBase : NO_MORE_DOCS;
      return doc;
    }

    @Override
    public long cost() {
      return to - from;
    }
  }
}
