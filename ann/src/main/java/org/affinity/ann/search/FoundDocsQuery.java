/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.Weight;

/** What a {@link NearestQuery} found: fixed documents of one reader with fixed scores. */
final class FoundDocsQuery extends Query {

  /** Ascending. */
  private final int[] docs;

  private final float[] scores;

  /** {@code docs[starts[i]..starts[i + 1])} are in leaf i. */
  private final int[] starts;

  private final Object readerId;
  private final String description;

  private FoundDocsQuery(IndexReader reader, ScoreDoc[] hits, String description) {
    this.readerId = reader.getContext().id();
    this.description = description;
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
  static Query of(
      IndexReader reader, List<LeafNearestSearch.Result> results, int k, String description) {
    LeafNearestSearch.TopHits top = new LeafNearestSearch.TopHits(k);
    long visited = 0;
    long rescored = 0;
    int exactSegments = 0;
    for (LeafNearestSearch.Result result : results) {
      for (ScoreDoc hit : result.hits()) {
        top.add(hit.doc, hit.score);
      }
      visited += result.visited();
      rescored += result.rescored();
      exactSegments += result.exact() ? 1 : 0;
    }
    ScoreDoc[] hits = top.bestFirst();
    if (hits.length == 0) {
      return new MatchNoDocsQuery(description + " found nothing");
    }
    Arrays.sort(hits, Comparator.comparingInt(hit -> hit.doc));
    String plan =
        description
            + ": "
            + exactSegments
            + " of "
            + results.size()
            + " segments exact, "
            + visited
            + " visited, "
            + rescored
            + " rescored";
    return new FoundDocsQuery(reader, hits, plan);
  }

  @Override
  public Weight createWeight(IndexSearcher searcher, ScoreMode scoreMode, float boost) {
    if (searcher.getIndexReader().getContext().id() != readerId) {
      throw new IllegalStateException(description + " belongs to another reader");
    }
    return new Weight(this) {
      @Override
      public Explanation explain(LeafReaderContext context, int doc) {
        int found = Arrays.binarySearch(docs, context.docBase + doc);
        return found < 0
            ? Explanation.noMatch("not among the " + docs.length + " found by " + description)
            : Explanation.match(scores[found] * boost, description);
      }

      @Override
      public int count(LeafReaderContext context) {
        return context.reader().hasDeletions() ? -1 : starts[context.ord + 1] - starts[context.ord];
      }

      @Override
      public ScorerSupplier scorerSupplier(LeafReaderContext context) {
        int from = starts[context.ord];
        int to = starts[context.ord + 1];
        return from == to
            ? null
            : new DefaultScorerSupplier(new FoundDocsScorer(from, to, context.docBase, boost));
      }

      @Override
      public boolean isCacheable(LeafReaderContext context) {
        return false;
      }
    };
  }

  private final class FoundDocsScorer extends Scorer {
    private final float boost;
    private final Iterator iterator;

    FoundDocsScorer(int from, int to, int docBase, float boost) {
      this.boost = boost;
      this.iterator = new Iterator(from, to, docBase);
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
      current++;
      doc = current < to ? docs[current] - docBase : NO_MORE_DOCS;
      return doc;
    }

    @Override
    public int advance(int target) throws IOException {
      return slowAdvance(target);
    }

    @Override
    public long cost() {
      return to - from;
    }
  }

  @Override
  public void visit(QueryVisitor visitor) {
    visitor.visitLeaf(this);
  }

  @Override
  public String toString(String defaultField) {
    return description;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FoundDocsQuery that
        && readerId == that.readerId
        && Arrays.equals(docs, that.docs)
        && Arrays.equals(scores, that.scores);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * classHash() + Arrays.hashCode(docs)) + Arrays.hashCode(scores);
  }
}
