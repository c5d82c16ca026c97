/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Of points that have a recall and a speed, those that no other beats in both, by rising recall,
 * thus by falling speed; between neighbours log-linear in recall.
 */
public final class Frontier<P> {

  private final List<P> points;
  private final ToDoubleFunction<P> recall;
  private final ToDoubleFunction<P> speed;

  private Frontier(List<P> points, ToDoubleFunction<P> recall, ToDoubleFunction<P> speed) {
    this.points = points;
    this.recall = recall;
    this.speed = speed;
  }

  /** Leaves out what is beaten. */
  public static <P> Frontier<P> of(
      List<P> points, ToDoubleFunction<P> recall, ToDoubleFunction<P> speed) {
    List<P> sorted = new ArrayList<>(points);
    sorted.sort(Comparator.comparingDouble(recall).thenComparingDouble(speed).reversed());
    List<P> front = new ArrayList<>();
    for (P point : sorted) {
      if (front.isEmpty()
          || speed.applyAsDouble(point) > speed.applyAsDouble(front.get(front.size() - 1))) {
        front.add(point);
      }
    }
    Collections.reverse(front);
    return new Frontier<>(front, recall, speed);
  }

  /** The greatest speed at this recall or more; NaN if it is not reached. */
  public double at(double wanted) {
    for (int i = 0; i < points.size(); i++) {
      P right = points.get(i);
      if (recall.applyAsDouble(right) >= wanted) {
        if (i == 0) {
          return speed.applyAsDouble(right);
        }
        P left = points.get(i - 1);
        double share =
            (wanted - recall.applyAsDouble(left))
                / (recall.applyAsDouble(right) - recall.applyAsDouble(left));
        return Math.exp(
            (1 - share) * Math.log(speed.applyAsDouble(left))
                + share * Math.log(speed.applyAsDouble(right)));
      }
    }
    return Double.NaN;
  }

  /** The points, by rising recall. */
  public List<P> points() {
    return Collections.unmodifiableList(points);
  }
}
