/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.ConstantScoreScorer;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.TwoPhaseIterator;
import org.apache.lucene.search.Weight;

/**
 * All documents whose vectors score at least a minimum against the nearest target (radial search).
 * Exact: compares with the raw vector of every document the rest of the query leaves over, and
 * keeps no list of hits, so any number may match.
 */
public final class WithinQuery extends Query {

  private final String field;
  private final VectorSpace space;
  private final Targets targets;
  private final float minScore;
  private final SearchListener listener;

  /**
   * With one target.
   *
   * @param target not copied; must not be changed afterwards
   * @param minScore least {@link VectorSpace#score}, inclusive
   */
  public WithinQuery(String field, VectorSpace space, float[] target, float minScore) {
    this(field, space, Targets.of(target), minScore);
  }

  /**
   * @param minScore least {@link VectorSpace#score}, inclusive
   */
  public WithinQuery(String field, VectorSpace space, Targets targets, float minScore) {
    this(field, space, targets, minScore, SearchListener.NONE);
  }

  private WithinQuery(
      String field, VectorSpace space, Targets targets, float minScore, SearchListener listener) {
    this.field = Objects.requireNonNull(field);
    this.space = space;
    this.targets = targets;
    this.minScore = minScore;
    this.listener = listener;
  }

  /**
   * The same search, heard of; no part of the query's identity. How many vectors it compares is up
   * to the query around it, so the plan does not say.
   */
  public WithinQuery reportingTo(SearchListener newListener) {
    return new WithinQuery(field, space, targets, minScore, Objects.requireNonNull(newListener));
  }

  @Override
  public Weight createWeight(IndexSearcher searcher, ScoreMode scoreMode, float boost) {
    AtomicBoolean reported = new AtomicBoolean();
    int segments = searcher.getIndexReader().leaves().size();
    return new Weight(this) {
      @Override
      public Explanation explain(LeafReaderContext context, int doc) throws IOException {
        ExactVectors vectors = ExactVectors.of(context.reader(), field, space, targets);
        if (vectors == null || !vectors.advanceExact(doc)) {
          return Explanation.noMatch("no vector in field " + field);
        }
        float score = vectors.score();
        return !(score >= minScore)
            ? Explanation.noMatch("score " + score + " is below " + minScore)
            : Explanation.match(
                score * boost,
                toString()
                    + ", score "
                    + score
                    + " of "
                    + space.signalName()
                    + " "
                    + vectors.signal()
                    + vectors.nearest());
      }

      @Override
      public ScorerSupplier scorerSupplier(LeafReaderContext context) throws IOException {
        ExactVectors vectors = ExactVectors.of(context.reader(), field, space, targets);
        if (vectors == null) {
          return null;
        }
        if (reported.compareAndSet(false, true)) {
          listener.searched(field, SearchPlan.exact(segments, 0));
        }
        return new DefaultScorerSupplier(
            scoreMode.needsScores()
                ? new WithinScorer(new Matches(vectors), boost)
                : new ConstantScoreScorer(0, scoreMode, new Matches(vectors)));
      }

      @Override
      public boolean isCacheable(LeafReaderContext context) {
        return true;
      }
    };
  }

  private final class Matches extends TwoPhaseIterator {
    private final ExactVectors vectors;
    private float score;

    Matches(ExactVectors vectors) {
      super(vectors.docs());
      this.vectors = vectors;
    }

    @Override
    public boolean matches() throws IOException {
      score = vectors.score();
      return score >= minScore;
    }

    @Override
    public float matchCost() {
      return (float) targets.size() * targets.dimension();
    }
  }

  private static final class WithinScorer extends Scorer {
    private final Matches matches;
    private final float boost;

    WithinScorer(Matches matches, float boost) {
      this.matches = matches;
      this.boost = boost;
    }

    @Override
    public int docID() {
      return matches.approximation().docID();
    }

    @Override
    public DocIdSetIterator iterator() {
      return TwoPhaseIterator.asDocIdSetIterator(matches);
    }

    @Override
    public TwoPhaseIterator twoPhaseIterator() {
      return matches;
    }

    @Override
    public float score() {
      return matches.score * boost;
    }

    @Override
    public float getMaxScore(int upTo) {
      return Float.POSITIVE_INFINITY;
    }
  }

  @Override
  public void visit(QueryVisitor visitor) {
    if (visitor.acceptField(field)) {
      visitor.visitLeaf(this);
    }
  }

  @Override
  public String toString(String defaultField) {
    return "nearest[" + field + "] min_score=" + minScore + " exact";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WithinQuery that
        && field.equals(that.field)
        && space == that.space
        && minScore == that.minScore
        && targets.equals(that.targets);
  }

  @Override
  public int hashCode() {
    return Objects.hash(classHash(), field, space, minScore, targets);
  }
}
