/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.util.List;

/**
 * The sum of a blend, bound to its functions: what the scorers of all segments share.
 *
 * @param maxLoss bounds what the parts beside relevance can do for a document
 * @param boost of the whole query
 * @param otherPartsUpperBound the most that all parts but relevance can add
 */
record BlendFormula(
    double relevanceWeight,
    ScoreFunction relevanceFunction,
    List<Affinity> affinities,
    List<Prior> priors,
    MaxLoss maxLoss,
    float boost,
    double otherPartsUpperBound) {

  /** More than the sum of the parts can lose to rounding, relative to its size. */
  private static final double ROUNDING = 1e-12;

  BlendFormula(
      double relevanceWeight,
      ScoreFunction relevanceFunction,
      List<Affinity> affinities,
      List<Prior> priors,
      MaxLoss maxLoss,
      float boost) {
    this(
        relevanceWeight,
        relevanceFunction,
        affinities,
        priors,
        maxLoss,
        boost,
        upperBound(affinities, priors));
  }

  BlendFormula(
      double relevanceWeight,
      ScoreFunction relevanceFunction,
      List<Affinity> affinities,
      List<Prior> priors,
      float boost) {
    this(relevanceWeight, relevanceFunction, affinities, priors, MaxLoss.UNLIMITED, boost);
  }

  BlendFormula withRelevance(ScoreFunction function) {
    return new BlendFormula(
        relevanceWeight, function, affinities, priors, maxLoss, boost, otherPartsUpperBound);
  }

  /** What relevance adds; documents the keywords miss get 0, whatever the function. */
  double relevancePart(float relevance) {
    return relevanceWeight == 0 ? 0 : relevanceWeight * relevanceFunction.apply(relevance);
  }

  private static double upperBound(List<Affinity> affinities, List<Prior> priors) {
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

  /**
   * The score of a document the keywords match.
   *
   * @param others the sum of the parts beside relevance
   */
  float score(float relevance, double others) {
    return score(relevance, relevancePart(relevance), others);
  }

  /**
   * The score of a document, with what relevance adds.
   *
   * @param part 0 for one that recall alone found; that there is none under a limit
   */
  float score(float relevance, double part, double others) {
    return maxLoss.isUnlimited()
        ? score(part + others)
        : Math.min(cap(relevance), score(part + othersShare(relevance) * others));
  }

  /**
   * How much of the other parts counts: all of it, or as much as lets the most they can add lift a
   * document by what a relevance of {@code relevance / (1 - share)} would give it.
   */
  double othersShare(float relevance) {
    double room =
        relevanceWeight * relevanceFunction.apply(relevance / (1 - maxLoss.share()))
            - relevancePart(relevance);
    return otherPartsUpperBound <= room ? 1 : Math.max(0, room / otherPartsUpperBound);
  }

  /**
   * The most a document may score for the relevance it has: what its relevance gives alone, or else
   * the last float below what the first document out of its reach has at least. In real numbers
   * {@code weight · function(relevance / (1 - share))}.
   */
  float cap(float relevance) {
    if (maxLoss.isUnlimited()) {
      return Float.MAX_VALUE;
    }
    float outOfReach = maxLoss.outOfReach(relevance);
    return Float.isInfinite(outOfReach)
        ? Float.MAX_VALUE
        : Math.max(
            score(relevancePart(relevance)), Math.nextDown(score(relevancePart(outOfReach))));
  }

  /** No score of a document with at most this relevance is above the returned one. */
  float maxScore(float maxRelevance) {
    double relevance =
        Float.isInfinite(maxRelevance)
            ? relevanceWeight * relevanceFunction.upperBound()
            : relevancePart(maxRelevance);
    double max = boost * (relevance + otherPartsUpperBound);
    float bound = Double.isFinite(max) ? Math.nextUp((float) max) : Float.POSITIVE_INFINITY;
    return maxLoss.isUnlimited() ? bound : Math.min(bound, Math.nextUp(cap(maxRelevance)));
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
    float least = relevanceFor(minScore, otherPartsUpperBound);
    return maxLoss.isUnlimited()
        ? least
        : Math.max(least, (float) maxLoss.reachedFrom(relevanceFor(minScore, 0)));
  }

  /** Documents with less relevance score less than {@code minScore} in spite of the others. */
  private float relevanceFor(float minScore, double others) {
    double sum = Math.nextDown(minScore) / (double) boost;
    double needed = (sum - others - ROUNDING * (1 + others)) / relevanceWeight;
    if (!(needed > 0)) {
      return 0;
    }
    return Math.max(0, Math.nextDown((float) relevanceFunction.signalFor(needed)));
  }
}
