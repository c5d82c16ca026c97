/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.util.List;

/**
 * The sum of a blend, bound to its functions: what the scorers of all segments share.
 *
 * @param boost of the whole query
 */
record BlendFormula(
    double relevanceWeight,
    ScoreFunction relevanceFunction,
    List<Affinity> affinities,
    List<Prior> priors,
    float boost) {

  /** More than the sum of the parts can lose to rounding, relative to its size. */
  private static final double ROUNDING = 1e-12;

  BlendFormula withRelevance(ScoreFunction function) {
    return new BlendFormula(relevanceWeight, function, affinities, priors, boost);
  }

  /** What relevance adds; documents the keywords miss get 0, whatever the function. */
  double relevancePart(float relevance) {
    return relevanceWeight == 0 ? 0 : relevanceWeight * relevanceFunction.apply(relevance);
  }

  /** The most that all parts but relevance can add. */
  double otherPartsUpperBound() {
    double bound = 0;
    for (Affinity affinity : affinities) {
      bound += affinity.upperBound();
    }
    for (Prior prior : priors) {
      bound += prior.upperBound();
    }
    return bound;
  }

  /** The score of a sum of parts: never negative, always finite. */
  float score(double sum) {
    return (float) Math.min(Float.MAX_VALUE, boost * sum);
  }

  /** No score of a document with at most this relevance is above the returned one. */
  float maxScore(float maxRelevance) {
    double relevance =
        Float.isInfinite(maxRelevance)
            ? relevanceWeight * relevanceFunction.upperBound()
            : relevancePart(maxRelevance);
    double max = boost * (relevance + otherPartsUpperBound());
    return Double.isFinite(max) ? Math.nextUp((float) max) : Float.POSITIVE_INFINITY;
  }

  /** Documents whose parts sum to less than returned score less than {@code minScore}. */
  double minSum(float minScore) {
    return boost == 0
        ? Double.NEGATIVE_INFINITY
        : Math.nextDown(minScore) / (double) boost * (1 - ROUNDING);
  }

  /** Documents with less relevance than returned score less than {@code minScore}. */
  float minRelevance(float minScore) {
    if (relevanceWeight == 0 || boost == 0) {
      return 0;
    }
    double sum = Math.nextDown(minScore) / (double) boost;
    double others = otherPartsUpperBound();
    double needed = (sum - others - ROUNDING * (1 + others)) / relevanceWeight;
    if (!(needed > 0)) {
      return 0;
    }
    return Math.max(0, Math.nextDown((float) relevanceFunction.signalFor(needed)));
  }
}
