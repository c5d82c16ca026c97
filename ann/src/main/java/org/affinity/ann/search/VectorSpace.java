/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import org.affinity.quantization.simd.RowComparison;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.VectorUtil;

/** What "near" means for a field: the raw signal of two vectors, and the score made of it. */
public enum VectorSpace {

  /** Signal: squared L2 distance d², smaller is nearer. Score: {@code 1 / (1 + d²)}, 0 to 1. */
  L2(VectorSimilarityFunction.EUCLIDEAN, RowComparison.SQUARE_DISTANCE, "squared distance") {
    @Override
    public float score(float signal) {
      return VectorUtil.normalizeDistanceToUnitInterval(signal);
    }

    @Override
    public ScoreFunction defaultFunction() {
      return new ScoreFunction.Inverse();
    }

    @Override
    float estimated(float estimate) {
      return Math.max(0, -estimate);
    }

    @Override
    double upperBound() {
      return 1;
    }
  },

  /** Signal: cosine c, -1 to 1. Score: {@code (1 + c) / 2}, 0 to 1. */
  COSINE(VectorSimilarityFunction.COSINE, RowComparison.COSINE, "cosine") {
    @Override
    public float score(float signal) {
      return VectorUtil.normalizeToUnitInterval(signal);
    }

    @Override
    public ScoreFunction defaultFunction() {
      return new ScoreFunction.Rescale();
    }

    @Override
    float estimated(float estimate) {
      return Math.clamp(estimate, -1f, 1f);
    }

    @Override
    double upperBound() {
      return 1;
    }
  },

  /** Signal: inner product x. Score: {@code 1 + x} above 0, else {@code 1 / (1 - x)}; unbounded. */
  INNER_PRODUCT(
      VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT, RowComparison.DOT, "inner product") {
    @Override
    public float score(float signal) {
      return VectorUtil.scaleMaxInnerProductScore(signal);
    }

    @Override
    public ScoreFunction defaultFunction() {
      return new ScoreFunction.Sigmoid(1);
    }

    @Override
    float estimated(float estimate) {
      return estimate;
    }

    @Override
    double upperBound() {
      return Double.POSITIVE_INFINITY;
    }
  };

  private final VectorSimilarityFunction similarity;
  private final RowComparison comparison;
  private final String signalName;

  VectorSpace(VectorSimilarityFunction similarity, RowComparison comparison, String signalName) {
    this.similarity = similarity;
    this.comparison = comparison;
    this.signalName = signalName;
  }

  /** The similarity Lucene indexes a field of this space with. */
  public VectorSimilarityFunction similarity() {
    return similarity;
  }

  /** The name of the raw signal, for explanations. */
  public String signalName() {
    return signalName;
  }

  /** The raw signal of two vectors of one dimension. */
  public float signal(float[] a, float[] b) {
    return comparison.of(a, b);
  }

  /** What makes the raw signal. */
  RowComparison comparison() {
    return comparison;
  }

  /** The one of two signals that says nearer. */
  float nearer(float a, float b) {
    return this == L2 ? Math.min(a, b) : Math.max(a, b);
  }

  /** The non-negative score of a signal, higher is nearer. */
  public abstract float score(float signal);

  /** The map to 0..1 that a blend applies to the signal when it names none. */
  public abstract ScoreFunction defaultFunction();

  /** The signal that an {@link SignalEstimates.Estimator estimate} stands for. */
  abstract float estimated(float estimate);

  /** The largest score there can be. */
  abstract double upperBound();
}
