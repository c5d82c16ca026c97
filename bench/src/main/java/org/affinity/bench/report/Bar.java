/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.report;

import java.util.List;

/**
 * What was asked for and what was reached.
 *
 * @param met null if a run did not measure what it takes
 */
public record Bar(String data, String bar, String reached, Boolean met) {

  /** A table in Markdown. */
  public static String table(List<Bar> bars) {
    StringBuilder text = new StringBuilder("| data | bar | reached | verdict |\n");
    text.append("| --- | --- | --- | --- |\n");
    for (Bar bar : bars) {
      text.append(
          "| %s | %s | %s | %s |\n".formatted(bar.data, bar.bar, bar.reached, bar.verdict()));
    }
    return text.toString();
  }

  /** In a word. */
  public String verdict() {
    return met == null ? "not measured" : met ? "met" : "**missed**";
  }

  /** Met by a value on that side of the limit; NaN is not measured. */
  public static Bar atLeast(String data, String bar, double value, double least) {
    return Double.isNaN(value)
        ? new Bar(data, bar, "not reached or not measured", null)
        : new Bar(data, bar, Numbers.plain(value), value >= least);
  }

  /** Met by a value on that side of the limit; NaN is not measured. */
  public static Bar atMost(String data, String bar, double value, double most) {
    return Double.isNaN(value)
        ? new Bar(data, bar, "not reached or not measured", null)
        : new Bar(data, bar, Numbers.plain(value), value <= most);
  }
}
