/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Weight;

/**
 * The k documents whose vectors are nearest to a target, with their exact scores ({@link
 * VectorSpace#score}).
 *
 * <p>Each segment is searched by {@link LeafNearestSearch}: its index gives candidates, their raw
 * vectors give the scores. The searches run when the query is rewritten, on the searcher's
 * executor; what comes out is a fixed set of documents.
 *
 * <p>With a filter, k documents come back whenever k documents with a vector pass it.
 */
public final class NearestQuery extends Query {

  private final String field;
  private final VectorSpace space;
  private final float[] target;
  private final int k;
  private final AnnSearchStrategy strategy;
  private final Query filter;

  /**
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
    if (k < 1) {
      throw new IllegalArgumentException("[k] must be at least 1, got [" + k + "]");
    }
    this.field = Objects.requireNonNull(field);
    this.space = space;
    this.target = target;
    this.k = k;
    this.strategy = strategy;
    this.filter = filter;
  }

  @Override
  public Query rewrite(IndexSearcher searcher) throws IOException {
    Weight eligible = null;
    if (filter != null) {
      Query both =
          new BooleanQuery.Builder()
              .add(filter, BooleanClause.Occur.FILTER)
              .add(new FieldExistsQuery(field), BooleanClause.Occur.FILTER)
              .build();
      Query rewritten = searcher.rewrite(both);
      if (rewritten instanceof MatchNoDocsQuery) {
        return rewritten;
      }
      eligible = searcher.createWeight(rewritten, ScoreMode.COMPLETE_NO_SCORES, 1);
    }
    LeafNearestSearch search =
        new LeafNearestSearch(field, space, target, k, strategy, eligible, searcher.getTimeout());
    List<Callable<LeafNearestSearch.Result>> tasks = new ArrayList<>();
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      tasks.add(() -> search.search(leaf));
    }
    List<LeafNearestSearch.Result> results = searcher.getTaskExecutor().invokeAll(tasks);
    return FoundDocsQuery.of(searcher.getIndexReader(), results, k, toString(""));
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
        + "](k="
        + k
        + (strategy.exact() ? ", exact" : ", ef_search=" + strategy.efSearch())
        + (filter == null ? "" : ", filter=" + filter)
        + ")";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NearestQuery that
        && field.equals(that.field)
        && space == that.space
        && k == that.k
        && strategy.equals(that.strategy)
        && Objects.equals(filter, that.filter)
        && Arrays.equals(target, that.target);
  }

  @Override
  public int hashCode() {
    return Objects.hash(classHash(), field, space, k, strategy, filter, Arrays.hashCode(target));
  }
}
