/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.blend;

import java.util.List;
import java.util.Map;

/**
 * What a run measured.
 *
 * @param run where and on what
 */
record BlendResult(Map<String, Object> run, List<Series> series) {

  /**
   * One contestant's searches for words of about one frequency.
   *
   * @param target how many documents they were to match
   * @param matches how many they match, the median
   * @param sameTopTen the share of the plain blend's first ten that this one has as well; null
   *     where that is not to be expected
   */
  record Series(
      String data,
      int documents,
      int target,
      int matches,
      Contestant contestant,
      int searches,
      double medianMicros,
      double p99Micros,
      Double sameTopTen) {}

  /** NaN if it was not measured. */
  double median(String data, int target, Contestant contestant) {
    return series.stream()
        .filter(s -> s.data().equals(data) && s.target() == target && s.contestant() == contestant)
        .mapToDouble(Series::medianMicros)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** NaN if it was not measured. */
  double p99(String data, int target, Contestant contestant) {
    return series.stream()
        .filter(s -> s.data().equals(data) && s.target() == target && s.contestant() == contestant)
        .mapToDouble(Series::p99Micros)
        .findFirst()
        .orElse(Double.NaN);
  }
}
