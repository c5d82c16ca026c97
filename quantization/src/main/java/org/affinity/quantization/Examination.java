/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import java.util.Arrays;
import java.util.List;

/**
 * Vectors and queries on which estimators are compared: how many of a query's ten best vectors are
 * among the first twenty by code. A vector that scores as well as the tenth is one of them.
 *
 * <p>The first twenty and not ten: on few vectors the first ten were measured to favour the plain
 * estimator wrongly.
 */
final class Examination {

  private static final int BEST = 10;
  private static final int FIRST = 20;

  private final List<float[]> vectors;
  private final List<float[]> queries;

  /** By query and vector, whether it is among the best. */
  private final boolean[][] right;

  Examination(Metric metric, List<float[]> vectors, List<float[]> queries) {
    this.vectors = vectors;
    this.queries = queries;
    this.right = new boolean[queries.size()][vectors.size()];
    float[] scores = new float[vectors.size()];
    for (int q = 0; q < right.length; q++) {
      for (int i = 0; i < scores.length; i++) {
        scores[i] = metric.score(queries.get(q), vectors.get(i));
      }
      float least = place(scores, BEST);
      for (int i = 0; i < scores.length; i++) {
        right[q][i] = scores[i] >= least;
      }
    }
  }

  /** The share of the best that the first by code hold, 0 to 1. */
  float recall(ProductQuantizer quantizer) {
    int length = quantizer.recordLength();
    byte[] records = new byte[vectors.size() * length];
    VectorEncoder encoder = quantizer.encoder();
    for (int i = 0; i < vectors.size(); i++) {
      encoder.encode(vectors.get(i), records, i * length);
    }
    double sum = 0;
    float[] scores = new float[vectors.size()];
    for (int q = 0; q < right.length; q++) {
      DistanceTable table = quantizer.bind(queries.get(q));
      for (int i = 0; i < scores.length; i++) {
        scores[i] = table.score(records, i * length);
      }
      sum += Math.min(BEST, found(scores, right[q])) / BEST;
    }
    return (float) (sum / right.length);
  }

  /** Right ones among the first; of those that share the last place, their mean share. */
  private static double found(float[] scores, boolean[] right) {
    float last = place(scores, FIRST);
    int above = 0;
    int rightAbove = 0;
    int equal = 0;
    int rightEqual = 0;
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] > last) {
        above++;
        rightAbove += right[i] ? 1 : 0;
      } else if (scores[i] == last) {
        equal++;
        rightEqual += right[i] ? 1 : 0;
      }
    }
    return rightAbove + (double) rightEqual * (FIRST - above) / equal;
  }

  /** The score on a place, 1 for the best. */
  private static float place(float[] scores, int place) {
    float[] sorted = scores.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length - place];
  }
}
