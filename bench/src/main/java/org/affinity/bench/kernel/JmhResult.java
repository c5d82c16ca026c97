/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.kernel;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/** What a run measured: what is written as JSON. */
record JmhResult(Map<String, Object> run, Limits limits, List<Row> rows) {

  static JmhResult of(Map<String, Object> run, Limits limits, List<Measured> loops) {
    return new JmhResult(run, limits, loops.stream().map(loop -> Row.of(loop, limits)).toList());
  }

  /**
   * One benchmark with one set of parameters.
   *
   * @param nanos CPU time of a unit: median of iterations
   * @param spread of iterations: the third quartile less the first, over the median
   * @param cpuShare of the wall time that the thread had a processor for
   * @param gigabytesPerSecond read; null where nothing is known of what it reads
   * @param gigaflops of floats, or of doubles twice
   * @param limit which one binds; null where nothing is known of the work
   * @param share of what that limit allows
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Row(
      String benchmark,
      Map<String, String> parameters,
      String unit,
      double nanos,
      double spread,
      double cpuShare,
      Double gigabytesPerSecond,
      Double gigaflops,
      String limit,
      Double share) {

    private static Row of(Measured loop, Limits limits) {
      String name = loop.type() + "." + loop.method();
      Map<String, String> parameters = loop.parameters().shown();
      Work work = loop.work();
      if (work == null) {
        return new Row(
            name,
            parameters,
            "call",
            loop.nanos(),
            loop.spread(),
            loop.cpuShare(),
            null,
            null,
            null,
            null);
      }
      Limits.Bound bound = limits.of(work);
      return new Row(
          name,
          parameters,
          work.unit(),
          loop.nanos() / work.units(),
          loop.spread(),
          loop.cpuShare(),
          work.bytes() / loop.nanos(),
          work.flops() / loop.nanos(),
          bound.name(),
          bound.nanos() / loop.nanos());
    }
  }
}
