/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.report;

import java.util.Arrays;
import java.util.Locale;

/** Numbers as the report prints them. */
public final class Numbers {

  private Numbers() {}

  /** Three digits that matter; a dash for what is not there. */
  public static String plain(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    double size = Math.abs(value);
    String form =
        size >= 100 || size == 0 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, form, value);
  }

  /** Four decimals. */
  public static String recall(double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.4f", value);
  }

  /** The middle one, or the mean of the two in the middle. */
  public static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** The exponent e of the least-squares fit y = c·x^e; NaN for fewer than two points. */
  public static double exponent(double[] x, double[] y) {
    if (x.length < 2) {
      return Double.NaN;
    }
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < x.length; i++) {
      meanX += Math.log(x[i]) / x.length;
      meanY += Math.log(y[i]) / x.length;
    }
    double above = 0;
    double below = 0;
    for (int i = 0; i < x.length; i++) {
      double dx = Math.log(x[i]) - meanX;
      above += dx * (Math.log(y[i]) - meanY);
      below += dx * dx;
    }
    return above / below;
  }
}
