/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.util.ArrayList;
import java.util.List;
import org.affinity.bench.report.Frontier;

/** Queries per second against recall of a candidate: the frontier of each form of asking. */
final class Curve {

  private final List<Frontier<AnnResult.Point>> fronts = new ArrayList<>();

  private Curve() {}

  static Curve of(List<AnnResult.Point> points) {
    Curve curve = new Curve();
    for (Form form : Form.values()) {
      List<AnnResult.Point> asked = points.stream().filter(p -> p.form() == form).toList();
      if (!asked.isEmpty()) {
        curve.fronts.add(front(asked));
      }
    }
    return curve;
  }

  private static Frontier<AnnResult.Point> front(List<AnnResult.Point> points) {
    return Frontier.of(points, AnnResult.Point::recall, AnnResult.Point::queriesPerSecond);
  }

  /** The most queries per second at this recall or more; NaN if it is not reached. */
  double at(double recall) {
    double best = Double.NaN;
    for (Frontier<AnnResult.Point> front : fronts) {
      double value = front.at(recall);
      best = Double.isNaN(best) || value > best ? value : best;
    }
    return best;
  }

  /** The highest recall there is; 0 if there is no point. */
  double bestRecall() {
    double best = 0;
    for (Frontier<AnnResult.Point> front : fronts) {
      List<AnnResult.Point> points = front.points();
      best = Math.max(best, points.get(points.size() - 1).recall());
    }
    return best;
  }

  /** The points of all forms that no point beats, by rising recall. */
  List<AnnResult.Point> points() {
    return front(fronts.stream().flatMap(front -> front.points().stream()).toList()).points();
  }
}
