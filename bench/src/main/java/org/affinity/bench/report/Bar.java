/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.report;

/**
 * What was asked for and what was reached.
 *
 * @param met null if a run did not measure what it takes
 */
public record Bar(String data, String bar, String reached, Boolean met) {

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
