/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Weight;

/**
 * Keyword relevance blended with affinities and priors: {@code score = Σ weight · function(signal)}
 * over the parts, the relevance of the query first.
 *
 * <p>Matches what the relevance query matches, and with {@code recall} also what that finds; those
 * documents have relevance 0. Every match is scored, by {@link Precision}. Every function is fixed
 * and bounded, so a score depends on the document and the query alone. When only the best hits are
 * asked for, the least score that still counts flows back to the relevance query, and its block-max
 * pruning skips documents that cannot reach it even with full marks from all other parts.
 */
public final class BlendQuery extends Query {

  private final Query relevance;

  /** The relevance query before it was rewritten: what the automatic pivot is made of. */
  private final Query original;

  private final double relevanceWeight;
  private final ScoreFunction relevanceFunction;
  private final List<Affinity> affinities;
  private final List<Prior> priors;
  private final Query recall;
  private final MaxLoss maxLoss;
  private final Precision precision;

  /** A blend of {@link Precision#EXACT exact} affinities that may reorder as it likes. */
  public BlendQuery(
      Query relevance,
      double relevanceWeight,
      ScoreFunction relevanceFunction,
      List<Affinity> affinities,
      List<Prior> priors,
      Query recall) {
    this(
        relevance,
        relevanceWeight,
        relevanceFunction,
        affinities,
        priors,
        recall,
        1,
        Precision.EXACT);
  }

  /**
   * @param recall finds documents to join the matches, or null
   * @param maxLoss no document stands above one whose relevance is greater than its own divided by
   *     {@code 1 - maxLoss}; from 0, the order of relevance alone, to 1, no limit. Below 1 it needs
   *     a relevance weight above 0, a relevance function that never stops rising, and no recall.
   * @param precision of the affinities
   */
  public BlendQuery(
      Query relevance,
      double relevanceWeight,
      ScoreFunction relevanceFunction,
      List<Affinity> affinities,
      List<Prior> priors,
      Query recall,
      double maxLoss,
      Precision precision) {
    this.relevance = Objects.requireNonNull(relevance);
    this.original = relevance;
    this.relevanceWeight = relevanceWeight;
    this.relevanceFunction = relevanceFunction;
    this.affinities = List.copyOf(affinities);
    this.priors = List.copyOf(priors);
    this.recall = recall;
    this.precision = precision;
    this.maxLoss = new MaxLoss(maxLoss);
    if (maxLoss < 1
        && (recall != null || relevanceWeight == 0 || !relevanceFunction.neverStopsRising())) {
      throw new IllegalArgumentException(
          "[max_loss] needs a weight of relevance, a function of it that never stops rising, and"
              + " no recall");
    }
    for (Affinity affinity : affinities) {
      if (maxLoss < 1 && Double.isInfinite(affinity.upperBound())) {
        throw new IllegalArgumentException(
            "[max_loss] needs affinities with a largest value; an inner product with [none] has"
                + " none: give field ["
                + affinity.field()
                + "] a [function] such as [sigmoid]");
      }
    }
  }

  private BlendQuery(BlendQuery query, Query relevance, Query recall) {
    this.relevance = relevance;
    this.original = query.original;
    this.relevanceWeight = query.relevanceWeight;
    this.relevanceFunction = query.relevanceFunction;
    this.affinities = query.affinities;
    this.priors = query.priors;
    this.recall = recall;
    this.precision = query.precision;
    this.maxLoss = query.maxLoss;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // Lucene's sign for "nothing left to rewrite"
  public Query rewrite(IndexSearcher searcher) throws IOException {
    Query newRelevance = relevance.rewrite(searcher);
    Query newRecall = recall == null ? null : recall.rewrite(searcher);
    if (newRelevance == relevance && newRecall == recall) {
      return newRelevance instanceof MatchNoDocsQuery && newRecall == null ? newRelevance : this;
    }
    return new BlendQuery(this, newRelevance, newRecall);
  }

  @Override
  public Weight createWeight(IndexSearcher searcher, ScoreMode scoreMode, float boost)
      throws IOException {
    if (!scoreMode.needsScores()) {
      return searcher.createWeight(searcher.rewrite(matches()), scoreMode, boost);
    }
    List<Affinity> boundAffinities = new ArrayList<>();
    for (Affinity affinity : affinities) {
      boundAffinities.add(affinity.rewrite(searcher));
    }
    List<Prior> boundPriors = new ArrayList<>();
    for (Prior prior : priors) {
      boundPriors.add(prior.rewrite(searcher));
    }
    Weight recallWeight =
        recall == null ? null : searcher.createWeight(recall, ScoreMode.COMPLETE_NO_SCORES, 1);
    return new BlendWeight(
        this,
        new BlendFormula(
            isPlain() && relevanceWeight > 0 ? 1 : relevanceWeight,
            isPlain() ? new ScoreFunction.Identity() : relevanceFunction,
            boundAffinities,
            boundPriors,
            maxLoss,
            boost),
        precision,
        searcher.createWeight(relevance, scoreMode, 1),
        recallWeight,
        () -> new AutoPivot(searcher).of(original));
  }

  /**
   * With nothing to blend, or nothing allowed to be lost, relevance keeps its own score, and so
   * exactly the order of the plain query: also across shards that would each have a pivot of their
   * own, and where a function would round two scores to one.
   */
  private boolean isPlain() {
    return maxLoss.share() == 0
        || (recall == null
            && affinities.stream().allMatch(affinity -> affinity.mostWeight() == 0)
            && priors.stream().allMatch(prior -> prior.mostWeight() == 0));
  }

  /** The documents this query matches, unscored. */
  private Query matches() {
    return recall == null
        ? relevance
        : new BooleanQuery.Builder()
            .add(relevance, BooleanClause.Occur.SHOULD)
            .add(recall, BooleanClause.Occur.SHOULD)
            .build();
  }

  @Override
  public void visit(QueryVisitor visitor) {
    relevance.visit(visitor.getSubVisitor(BooleanClause.Occur.MUST, this));
  }

  @Override
  public String toString(String defaultField) {
    StringBuilder text = new StringBuilder("blend(").append(relevance.toString(defaultField));
    for (Affinity affinity : affinities) {
      text.append(", affinity[").append(affinity.field()).append("]^").append(affinity.weight());
    }
    for (Prior prior : priors) {
      text.append(", prior[").append(prior.name()).append("]^").append(prior.weight());
    }
    if (recall != null) {
      text.append(", recall ").append(recall.toString(defaultField));
    }
    if (!maxLoss.isUnlimited()) {
      text.append(", max_loss ").append(maxLoss.share());
    }
    if (precision != Precision.EXACT) {
      text.append(", ").append(precision);
    }
    return text.append(")").toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BlendQuery that
        && relevance.equals(that.relevance)
        && original.equals(that.original)
        && relevanceWeight == that.relevanceWeight
        && relevanceFunction.equals(that.relevanceFunction)
        && affinities.equals(that.affinities)
        && priors.equals(that.priors)
        && Objects.equals(recall, that.recall)
        && maxLoss.equals(that.maxLoss)
        && precision == that.precision;
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        classHash(),
        relevance,
        original,
        relevanceWeight,
        relevanceFunction,
        affinities,
        priors,
        recall,
        maxLoss,
        precision);
  }
}
