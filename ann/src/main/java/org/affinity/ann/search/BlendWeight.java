/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.BulkScorer;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.Matches;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.IOSupplier;

/** Puts a segment's scorer of keywords, vectors and numbers together, and explains its sums. */
final class BlendWeight extends Weight {

  /** Made when the first segment is scored or explained; see {@link #formula()}. */
  private BlendFormula formula;

  private final Precision precision;
  private final IOSupplier<Double> autoPivot;
  private final Weight relevance;
  private final Weight recall;

  /**
   * @param recall may be null
   * @param autoPivot the pivot of an {@link ScoreFunction.AutoSaturation}
   */
  BlendWeight(
      Query query,
      BlendFormula formula,
      Precision precision,
      Weight relevance,
      Weight recall,
      IOSupplier<Double> autoPivot) {
    super(query);
    this.formula = formula;
    this.precision = precision;
    this.relevance = relevance;
    this.recall = recall;
    this.autoPivot = autoPivot;
  }

  /**
   * The formula with its pivot. Not bound before it is needed: a searcher that only collects term
   * statistics (dfs) creates weights as well, and must not see the pivot's look-ups.
   */
  private synchronized BlendFormula formula() throws IOException {
    if (formula.relevanceFunction() instanceof ScoreFunction.AutoSaturation) {
      formula = formula.withRelevance(new ScoreFunction.Saturation(autoPivot.get()));
    }
    return formula;
  }

  @Override
  public ScorerSupplier scorerSupplier(LeafReaderContext context) throws IOException {
    ScorerSupplier keywords = relevance.scorerSupplier(context);
    ScorerSupplier recalled = recall == null ? null : recall.scorerSupplier(context);
    if (keywords == null && recalled == null) {
      return null;
    }
    BlendParts parts = new BlendParts(formula(), precision, context);
    return new ScorerSupplier() {
      @Override
      public Scorer get(long leadCost) throws IOException {
        return new BlendScorer(
            parts,
            keywords == null ? null : keywords.get(leadCost),
            recalled == null ? null : recalled.get(leadCost));
      }

      @Override
      public BulkScorer bulkScorer() throws IOException {
        return new BlendBulkScorer(
            parts,
            keywords == null ? null : keywords.bulkScorer(),
            recalled == null ? null : recalled.get(Long.MAX_VALUE).iterator());
      }

      /** Our least competitive score becomes the keywords' own, so they may prune as well. */
      @Override
      public void setTopLevelScoringClause() throws IOException {
        if (keywords != null) {
          keywords.setTopLevelScoringClause();
        }
      }

      @Override
      public long cost() {
        return (keywords == null ? 0 : keywords.cost()) + (recalled == null ? 0 : recalled.cost());
      }
    };
  }

  @Override
  public Explanation explain(LeafReaderContext context, int doc) throws IOException {
    Explanation keywords = relevance.explain(context, doc);
    if (!keywords.isMatch() && !recalls(context, doc)) {
      return Explanation.noMatch("neither the query matches nor recall finds it", keywords);
    }
    BlendFormula bound = formula();
    BlendParts parts = new BlendParts(bound, precision, context);
    List<Explanation> details = new ArrayList<>();
    double sum = 0;
    float signal = 0;
    if (keywords.isMatch()) {
      signal = keywords.getValue().floatValue();
      double part = bound.relevancePart(signal);
      sum += part;
      details.add(
          Explanation.match(
              part * bound.boost(),
              "relevance: weight "
                  + bound.relevanceWeight()
                  + " * "
                  + bound.relevanceFunction().formula()
                  + " of x = "
                  + signal,
              keywords));
    } else {
      details.add(Explanation.match(0, "relevance: 0, found by recall", keywords));
    }
    double others = parts.explain(doc, details);
    Explanation blend = Explanation.match(bound.score(sum + others), "blend, sum of:", details);
    if (bound.maxLoss().isUnlimited()) {
      return blend;
    }
    float score = bound.score(signal, others);
    return score == blend.getValue().floatValue()
        ? blend
        : Explanation.match(score, limited(bound, signal), blend);
  }

  private static String limited(BlendFormula formula, float signal) {
    double share = formula.maxLoss().share();
    return "max_loss "
        + share
        + ": relevance, and "
        + formula.othersShare(signal)
        + " of the other parts, so that at most they do what a relevance of x / (1 - "
        + share
        + ") would";
  }

  private boolean recalls(LeafReaderContext context, int doc) throws IOException {
    Scorer scorer = recall == null ? null : recall.scorer(context);
    return scorer != null && scorer.iterator().advance(doc) == doc;
  }

  @Override
  public Matches matches(LeafReaderContext context, int doc) throws IOException {
    Matches matches = relevance.matches(context, doc);
    return matches == null && recalls(context, doc) ? super.matches(context, doc) : matches;
  }

  @Override
  public int count(LeafReaderContext context) throws IOException {
    return recall == null ? relevance.count(context) : super.count(context);
  }

  @Override
  public boolean isCacheable(LeafReaderContext context) {
    return recall == null && relevance.isCacheable(context);
  }
}
