/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.kernel;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;

/** The parameters of one benchmark, by name. */
record Parameters(Map<String, String> values) {

  /** The most bytes a level may take: of no interest to a reader. */
  static final String MOST = "most";

  static Parameters of(BenchmarkParams params) {
    Map<String, String> values = new TreeMap<>();
    for (String key : params.getParamsKeys()) {
      values.put(key, params.getParam(key));
    }
    return new Parameters(Collections.unmodifiableMap(values));
  }

  Level level() {
    return Level.valueOf(values.get("level"));
  }

  int most() {
    return Integer.parseInt(values.get(MOST));
  }

  int number(String name) {
    return Integer.parseInt(values.get(name));
  }

  /** Two numbers with an x between them. */
  int[] pair(String name) {
    String[] parts = values.get(name).split("x", 2);
    return new int[] {Integer.parseInt(parts[0]), Integer.parseInt(parts[1])};
  }

  /** Without what only limits the size of a run. */
  Map<String, String> shown() {
    Map<String, String> shown = new TreeMap<>(values);
    shown.remove(MOST);
    return shown;
  }
}
