/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Queries per second against recall of a candidate: of each form of asking, the points no other
 * point of that form beats in both; between neighbours log-linear in recall.
 */
final class Curve {

  private final List<List<AnnResult.Point>> fronts = new ArrayList<>();

  private Curve() {}

  static Curve of(List<AnnResult.Point> points) {
    Curve curve = new Curve();
    for (Form form : Form.values()) {
      List<AnnResult.Point> front = front(points.stream().filter(p -> p.form() == form).toList());
      if (!front.isEmpty()) {
        curve.fronts.add(front);
      }
    }
    return curve;
  }

  /** Points that are not beaten, by rising recall, thus by falling speed. */
  private static List<AnnResult.Point> front(List<AnnResult.Point> points) {
    List<AnnResult.Point> sorted = new ArrayList<>(points);
    sorted.sort(
        Comparator.comparingDouble(AnnResult.Point::recall)
            .thenComparingDouble(AnnResult.Point::queriesPerSecond)
            .reversed());
    List<AnnResult.Point> front = new ArrayList<>();
    for (AnnResult.Point point : sorted) {
      if (front.isEmpty()
          || point.queriesPerSecond() > front.get(front.size() - 1).queriesPerSecond()) {
        front.add(point);
      }
    }
    java.util.Collections.reverse(front);
    return front;
  }

  /** The most queries per second at this recall or more; NaN if it is not reached. */
  double at(double recall) {
    double best = Double.NaN;
    for (List<AnnResult.Point> front : fronts) {
      double value = at(front, recall);
      best = Double.isNaN(best) || value > best ? value : best;
    }
    return best;
  }

  private static double at(List<AnnResult.Point> front, double recall) {
    for (int i = 0; i < front.size(); i++) {
      AnnResult.Point right = front.get(i);
      if (right.recall() >= recall) {
        if (i == 0) {
          return right.queriesPerSecond();
        }
        AnnResult.Point left = front.get(i - 1);
        double share = (recall - left.recall()) / (right.recall() - left.recall());
        return Math.exp(
            (1 - share) * Math.log(left.queriesPerSecond())
                + share * Math.log(right.queriesPerSecond()));
      }
    }
    return Double.NaN;
  }

  /** The point of the fastest form next above a recall; null if it is not reached. */
  AnnResult.Point pointAt(double recall) {
    AnnResult.Point best = null;
    for (List<AnnResult.Point> front : fronts) {
      for (AnnResult.Point point : front) {
        if (point.recall() >= recall) {
          best = best == null || point.queriesPerSecond() > best.queriesPerSecond() ? point : best;
          break;
        }
      }
    }
    return best;
  }

  /** The highest recall there is; 0 if there is no point. */
  double bestRecall() {
    double best = 0;
    for (List<AnnResult.Point> front : fronts) {
      best = Math.max(best, front.get(front.size() - 1).recall());
    }
    return best;
  }

  /** The points of all forms that no point beats, by rising recall. */
  List<AnnResult.Point> points() {
    return front(fronts.stream().flatMap(List::stream).toList());
  }
}
