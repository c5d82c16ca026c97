/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.Weight;

/**
 * The k documents whose vectors are nearest to one of its targets, with their exact scores ({@link
 * VectorSpace#score}).
 *
 * <p>Each segment is searched by {@link LeafNearestSearch}: its index gives candidates, their raw
 * vectors give the scores. The searches run once for each rewritten query, on the searcher's
 * executor, when the first segment is asked for; what comes out is a fixed set of documents.
 *
 * <p>k documents come back whenever k documents with a vector may be found: pass the filter, are
 * not deleted. Past the searcher's timeout ({@link IndexSearcher#getTimeout}) a search stops with
 * what it has.
 *
 * <p>Each of several targets gives candidates of its own; a candidate's score is that of the target
 * nearest to it. A document among the k best is among the k best of its nearest target.
 *
 * <p>With {@link #perParent} k counts parents: each is represented by its best child that may be
 * found.
 */
public final class NearestQuery extends Query {

  private final String field;
  private final VectorSpace space;
  private final Targets targets;
  private final int k;
  private final AnnSearchStrategy strategy;
  private final Query filter;
  private final ParentDocs parents;
  private final SearchListener listener;

  /**
   * With one target.
   *
   * @param target not copied; must not be changed afterwards
   * @param k neighbours asked for, at least 1
   * @param filter documents that may be found, or null for all
   */
  public NearestQuery(
      String field,
      VectorSpace space,
      float[] target,
      int k,
      AnnSearchStrategy strategy,
      Query filter) {
    this(field, space, Targets.of(target), k, strategy, filter);
  }

  /**
   * @param k neighbours asked for, at least 1
   * @param filter documents that may be found, or null for all
   */
  public NearestQuery(
      String field,
      VectorSpace space,
      Targets targets,
      int k,
      AnnSearchStrategy strategy,
      Query filter) {
    if (k < 1) {
      throw new IllegalArgumentException("[k] must be at least 1, got [" + k + "]");
    }
    this.field = Objects.requireNonNull(field);
    this.space = space;
    this.targets = targets;
    this.k = k;
    this.strategy = strategy;
    this.filter = filter;
    this.parents = null;
    this.listener = SearchListener.NONE;
  }

  private NearestQuery(NearestQuery query, ParentDocs parents, SearchListener listener) {
    this.field = query.field;
    this.space = query.space;
    this.targets = query.targets;
    this.k = query.k;
    this.strategy = query.strategy;
    this.filter = query.filter;
    this.parents = parents;
    this.listener = listener;
  }

  /**
   * The same search for the best child of each of the k best parents.
   *
   * @param newParents null for documents that stand for themselves
   */
  public NearestQuery perParent(ParentDocs newParents) {
    return new NearestQuery(this, newParents, listener);
  }

  /** The same search, heard of; no part of the query's identity. */
  public NearestQuery reportingTo(SearchListener newListener) {
    return new NearestQuery(this, parents, Objects.requireNonNull(newListener));
  }

  public int k() {
    return k;
  }

  public AnnSearchStrategy strategy() {
    return strategy;
  }

  @Override
  public Query rewrite(IndexSearcher searcher) throws IOException {
    Query eligible = null;
    if (filter != null) {
      eligible =
          searcher.rewrite(
              new BooleanQuery.Builder()
                  .add(filter, BooleanClause.Occur.FILTER)
                  .add(new FieldExistsQuery(field), BooleanClause.Occur.FILTER)
                  .build());
      if (eligible instanceof MatchNoDocsQuery) {
        return eligible;
      }
    }
    return new FoundDocsQuery(this, eligible, searcher.getIndexReader());
  }

  /**
   * Searches all segments.
   *
   * @param eligible null for all documents
   */
  FoundDocs search(IndexSearcher searcher, Weight eligible) throws IOException {
    LeafNearestSearch search =
        new LeafNearestSearch(
            field, space, targets, k, strategy, eligible, parents, searcher.getTimeout());
    List<Callable<LeafNearestSearch.Result>> tasks = new ArrayList<>();
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      tasks.add(() -> search.search(leaf));
    }
    List<LeafNearestSearch.Result> segments = searcher.getTaskExecutor().invokeAll(tasks);
    SearchPlan plan = SearchPlan.of(segments, eligible != null);
    listener.searched(field, plan);
    return FoundDocs.of(searcher.getIndexReader(), segments, k, plan);
  }

  /** What the score of a found document is made of. */
  String explain(LeafReaderContext leaf, int doc, float score) throws IOException {
    ExactVectors vectors = ExactVectors.of(leaf.reader(), field, space, targets);
    return vectors == null || !vectors.advanceExact(doc)
        ? "score " + score
        : "score "
            + score
            + " of "
            + space.signalName()
            + " "
            + vectors.signal()
            + vectors.nearest();
  }

  @Override
  public void visit(QueryVisitor visitor) {
    if (visitor.acceptField(field)) {
      visitor.visitLeaf(this);
    }
  }

  @Override
  public String toString(String defaultField) {
    return "nearest["
        + field
        + "] k="
        + k
        + (targets.size() == 1 ? "" : " interests=" + targets.size())
        + (parents == null ? "" : " parents")
        + (strategy.exact() ? " exact" : " ef_search=" + strategy.efSearch())
        + (strategy.exact()
                || strategy.nprobes() == 0
                || strategy.nprobes() == AnnSearchStrategy.MAX_NPROBES
            ? ""
            : " nprobes=" + strategy.nprobes())
        + (filter == null ? "" : " filter=[" + filter + "]");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NearestQuery that
        && field.equals(that.field)
        && space == that.space
        && k == that.k
        && strategy.equals(that.strategy)
        && Objects.equals(filter, that.filter)
        && Objects.equals(parents, that.parents)
        && targets.equals(that.targets);
  }

  @Override
  public int hashCode() {
    return Objects.hash(classHash(), field, space, k, strategy, filter, parents, targets);
  }
}
