/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.kernel;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What the processor can do at most, as the probes of the same run found it.
 *
 * @param gigabytesPerSecond read from each level
 * @param gigaflops fused multiplications and additions, each of which is two
 * @param gigaLookUps bytes a second in a table of one register
 * @param gigaLongLookUps bytes a second in a table of two
 */
record Limits(
    Map<Level, Double> gigabytesPerSecond,
    double gigaflops,
    double gigaLookUps,
    double gigaLongLookUps) {

  /** The most that any probe found. */
  static Limits of(List<Measured> probes) {
    Map<Level, Double> read = new EnumMap<>(Level.class);
    double[] most = new double[3];
    for (Measured probe : probes) {
      Work work = probe.work();
      if (work.bytes() > 0) {
        read.merge(work.from(), work.bytes() / probe.nanos(), Math::max);
      }
      most[0] = Math.max(most[0], work.flops() / probe.nanos());
      most[1] = Math.max(most[1], work.lookUps() / probe.nanos());
      most[2] = Math.max(most[2], work.longLookUps() / probe.nanos());
    }
    return new Limits(read, most[0], most[1], most[2]);
  }

  /** The least nanoseconds of some work, by what binds it. */
  record Bound(String name, double nanos) {}

  /** Reading, computing and looking up overlap at best, so the slowest of them binds. */
  Bound of(Work work) {
    Bound bound =
        new Bound("reading " + work.from(), work.bytes() / gigabytesPerSecond.get(work.from()));
    double computing = work.flops() / gigaflops;
    if (computing > bound.nanos()) {
      bound = new Bound("arithmetic", computing);
    }
    double lookingUp = work.lookUps() / gigaLookUps + work.longLookUps() / gigaLongLookUps;
    return lookingUp > bound.nanos() ? new Bound("look-ups", lookingUp) : bound;
  }
}
