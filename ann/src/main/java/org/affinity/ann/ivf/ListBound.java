/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import org.affinity.quantization.Metric;
import org.affinity.quantization.VectorMath;

/**
 * What the vectors of a list can score at most, by the triangle inequality: no vector is farther
 * from its centroid than the list's radius. Immutable.
 */
final class ListBound {

  private final Metric metric;
  private final boolean directions;
  private final double squaredLength;
  private final double length;

  /**
   * @param placed the query as it is compared with centroids
   * @param directions whether centroids are those of vectors scaled to length 1
   */
  ListBound(Metric metric, boolean directions, float[] placed) {
    this.metric = metric;
    this.directions = directions;
    this.squaredLength = VectorMath.squaredNorm(placed);
    this.length = Math.sqrt(squaredLength);
  }

  /**
   * @param rank what {@link ListRanking} gave the list
   */
  double score(float rank, ListEntry list) {
    if (metric == Metric.INNER_PRODUCT) {
      double most = -rank + length * list.radius() * (directions ? list.reach() : 1);
      // Of vectors that point away the shortest score best.
      return directions ? Math.max(0, most) : most;
    }
    double distance = Math.sqrt(Math.max(0, squaredLength + 2.0 * rank)) - list.radius();
    double square = Math.max(0, distance) * Math.max(0, distance);
    return metric == Metric.COSINE ? 1 - square / 2 : -square;
  }
}
