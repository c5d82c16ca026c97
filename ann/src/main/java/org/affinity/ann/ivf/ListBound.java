/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import org.affinity.quantization.Metric;
import org.affinity.quantization.VectorMath;

/**
 * What the vectors of a list can be estimated at, at most. By the triangle inequality no vector is
 * farther from its centroid than the list's radius; and codes err: a distance from a code is
 * shorter in the mean by the codes' squared error, and spreads. Immutable.
 */
final class ListBound {

  private final Metric metric;
  private final boolean directions;
  private final double squaredLength;
  private final double length;
  private final double squaredError;

  /** Three standard deviations of an error in one direction. */
  private final double spread;

  /**
   * @param placed the query as it is compared with centroids
   * @param directions whether centroids are those of vectors scaled to length 1
   * @param squaredError mean squared distance of vectors from what their codes stand for
   */
  ListBound(Metric metric, boolean directions, float[] placed, double squaredError) {
    this.metric = metric;
    this.directions = directions;
    this.squaredLength = VectorMath.squaredNorm(placed);
    this.length = Math.sqrt(squaredLength);
    this.squaredError = squaredError;
    this.spread = 3 * Math.sqrt(squaredError / placed.length);
  }

  /**
   * @param rank what {@link ListRanking} gave the list
   */
  double score(float rank, ListEntry list) {
    if (metric == Metric.INNER_PRODUCT) {
      double most = -rank + length * list.radius() * (directions ? list.reach() : 1);
      // Of vectors that point away the shortest score best.
      return (directions ? Math.max(0, most) : most) + length * spread;
    }
    double centre = Math.sqrt(Math.max(0, squaredLength + 2.0 * rank));
    double distance = Math.max(0, centre - list.radius());
    double square = distance * distance - squaredError - 2 * distance * spread;
    return metric == Metric.COSINE ? 1 - square / 2 : -square;
  }
}
