/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.blend;

import java.util.ArrayList;
import java.util.List;
import org.affinity.bench.report.Bar;

/** What a run had to reach, as ratios within it. */
final class BlendBars {

  /**
   * Up to so many matches a blend may cost a quarter more than its keywords; twice as much above.
   */
  private static final int FEW = 10_000;

  private BlendBars() {}

  static List<Bar> of(BlendResult result) {
    List<Bar> bars = new ArrayList<>();
    for (String data : result.series().stream().map(BlendResult.Series::data).distinct().toList()) {
      for (int target :
          result.series().stream()
              .filter(series -> series.data().equals(data))
              .map(BlendResult.Series::target)
              .distinct()
              .toList()) {
        add(bars, result, data, target);
      }
    }
    return bars;
  }

  private static void add(List<Bar> bars, BlendResult result, String data, int target) {
    String of = ", " + target + " matches";
    double plain = result.median(data, target, Contestant.PLAIN);
    double blend = result.median(data, target, Contestant.BLEND);
    double most = target <= FEW ? 1.25 : 2;
    bars.add(Bar.atMost(data, "blend over plain" + of + ": ≤ " + most, blend / plain, most));
    bars.add(
        Bar.atMost(
            data,
            "p99 of blend over plain's" + of + ": ≤ 2",
            result.p99(data, target, Contestant.BLEND) / result.p99(data, target, Contestant.PLAIN),
            2));
    bars.add(
        Bar.atLeast(
            data,
            "script_score over blend" + of + ": ≥ 3",
            result.median(data, target, Contestant.SCRIPT) / blend,
            3));
    bars.add(
        Bar.atLeast(
            data,
            "two searches over blend" + of + ": ≥ 3",
            result.median(data, target, Contestant.TWO_SEARCHES) / blend,
            3));
    bars.add(
        Bar.atMost(
            data,
            "a document's vector adds, in ms" + of + ": ≤ 2",
            (result.median(data, target, Contestant.BLEND_DOCUMENT) - blend) / 1000,
            2));
  }
}
