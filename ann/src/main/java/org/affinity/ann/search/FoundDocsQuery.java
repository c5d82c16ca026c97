/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.Weight;

/**
 * A {@link NearestQuery} bound to a reader. It searches once, all segments, when the first of them
 * is asked for: not before a searcher has its clock running, and not for one that only collects
 * term statistics. From then on {@link #toString} tells the plan. Safe for use by any number of
 * threads.
 */
final class FoundDocsQuery extends Query {

  private final NearestQuery nearest;
  private final Query eligible;
  private final Object readerId;
  private FoundDocs found;

  /**
   * @param eligible rewritten; null for all documents
   */
  FoundDocsQuery(NearestQuery nearest, Query eligible, IndexReader reader) {
    this.nearest = nearest;
    this.eligible = eligible;
    this.readerId = reader.getContext().id();
  }

  private synchronized FoundDocs found(IndexSearcher searcher, Weight allowed) throws IOException {
    if (found == null) {
      found = nearest.search(searcher, allowed);
    }
    return found;
  }

  private synchronized FoundDocs foundSoFar() {
    return found;
  }

  @Override
  public Weight createWeight(IndexSearcher searcher, ScoreMode scoreMode, float boost)
      throws IOException {
    if (searcher.getIndexReader().getContext().id() != readerId) {
      throw new IllegalStateException(nearest + " is bound to another reader");
    }
    Weight allowed =
        eligible == null ? null : searcher.createWeight(eligible, ScoreMode.COMPLETE_NO_SCORES, 1);
    return new Weight(this) {
      @Override
      public Explanation explain(LeafReaderContext context, int doc) throws IOException {
        FoundDocs docs = found(searcher, allowed);
        float score = docs.score(context.docBase + doc);
        Explanation plan = Explanation.match(docs.size(), "found by " + docs.plan());
        return Float.isNaN(score)
            ? Explanation.noMatch("not among the documents of " + nearest, plan)
            : Explanation.match(
                score * boost, nearest + ", " + nearest.explain(context, doc, score), plan);
      }

      @Override
      public int count(LeafReaderContext context) throws IOException {
        if (context.reader().hasDeletions()) {
          return -1;
        }
        FoundDocs docs = found(searcher, allowed);
        // Whoever counts what a stopped search found must notice that it was stopped.
        return docs.plan().stopped() ? -1 : docs.size(context.ord);
      }

      @Override
      public ScorerSupplier scorerSupplier(LeafReaderContext context) throws IOException {
        FoundDocs docs = found(searcher, allowed);
        // Of a search that was stopped even nothing is scored, so that whoever scores looks at the
        // clock himself and says so.
        return docs.size(context.ord) == 0 && !docs.plan().stopped()
            ? null
            : new DefaultScorerSupplier(docs.scorer(context, boost));
      }

      @Override
      public boolean isCacheable(LeafReaderContext context) {
        return false;
      }
    };
  }

  @Override
  public void visit(QueryVisitor visitor) {
    nearest.visit(visitor);
  }

  @Override
  public String toString(String defaultField) {
    FoundDocs docs = foundSoFar();
    return nearest.toString(defaultField) + (docs == null ? "" : ": " + docs.plan());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FoundDocsQuery that
        && readerId == that.readerId
        && nearest.equals(that.nearest);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * classHash() + nearest.hashCode()) + System.identityHashCode(readerId);
  }
}
