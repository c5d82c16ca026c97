/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

/**
 * What was asked for and what was reached.
 *
 * @param met null if a run did not measure what it takes
 */
record Bar(String data, String bar, String reached, Boolean met) {

  String verdict() {
    return met == null ? "not measured" : met ? "met" : "**missed**";
  }

  static Bar atLeast(String data, String bar, double value, double least) {
    return Double.isNaN(value)
        ? new Bar(data, bar, "not reached or not measured", null)
        : new Bar(data, bar, Numbers.plain(value), value >= least);
  }

  static Bar atMost(String data, String bar, double value, double most) {
    return Double.isNaN(value)
        ? new Bar(data, bar, "not reached or not measured", null)
        : new Bar(data, bar, Numbers.plain(value), value <= most);
  }
}
