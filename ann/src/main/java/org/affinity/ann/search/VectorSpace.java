/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import org.affinity.quantization.VectorMath;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.VectorUtil;

/** What "near" means for a field: the raw signal of two vectors, and the score made of it. */
public enum VectorSpace {

  /** Signal: squared L2 distance d², smaller is nearer. Score: {@code 1 / (1 + d²)}, 0 to 1. */
  L2(VectorSimilarityFunction.EUCLIDEAN, "squared distance") {
    @Override
    public float signal(float[] a, float[] b) {
      return VectorMath.squareDistance(a, b);
    }

    @Override
    public float score(float signal) {
      return VectorUtil.normalizeDistanceToUnitInterval(signal);
    }

    @Override
    public ScoreFunction defaultFunction() {
      return new ScoreFunction.Inverse();
    }

    @Override
    double upperBound() {
      return 1;
    }
  },

  /** Signal: cosine c, -1 to 1. Score: {@code (1 + c) / 2}, 0 to 1. */
  COSINE(VectorSimilarityFunction.COSINE, "cosine") {
    @Override
    public float signal(float[] a, float[] b) {
      return VectorMath.cosine(a, b);
    }

    @Override
    public float score(float signal) {
      return VectorUtil.normalizeToUnitInterval(signal);
    }

    @Override
    public ScoreFunction defaultFunction() {
      return new ScoreFunction.Rescale();
    }

    @Override
    double upperBound() {
      return 1;
    }
  },

  /** Signal: inner product x. Score: {@code 1 + x} above 0, else {@code 1 / (1 - x)}; unbounded. */
  INNER_PRODUCT(VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT, "inner product") {
    @Override
    public float signal(float[] a, float[] b) {
      return VectorMath.dot(a, b);
    }

    @Override
    public float score(float signal) {
      return VectorUtil.scaleMaxInnerProductScore(signal);
    }

    @Override
    public ScoreFunction defaultFunction() {
      return new ScoreFunction.Sigmoid(1);
    }

    @Override
    double upperBound() {
      return Double.POSITIVE_INFINITY;
    }
  };

  private final VectorSimilarityFunction similarity;
  private final String signalName;

  VectorSpace(VectorSimilarityFunction similarity, String signalName) {
    this.similarity = similarity;
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
  public abstract float signal(float[] a, float[] b);

  /** The one of two signals that says nearer. */
  float nearer(float a, float b) {
    return this == L2 ? Math.min(a, b) : Math.max(a, b);
  }

  /** The non-negative score of a signal, higher is nearer. */
  public abstract float score(float signal);

  /** The map to 0..1 that a blend applies to the signal when it names none. */
  public abstract ScoreFunction defaultFunction();

  /** The largest score there can be. */
  abstract double upperBound();
}
