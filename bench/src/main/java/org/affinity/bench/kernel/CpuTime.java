/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.kernel;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * The CPU time of an operation, since on a machine with other work JMH's times, which are of the
 * clock on the wall, say little; and the share of a processor that the thread had.
 */
public final class CpuTime implements InternalProfiler {

  static final String NANOS = "cpuNanos";
  static final String SHARE = "cpuShare";

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private long cpu;
  private long wall;

  @Override
  public String getDescription() {
    return "CPU time of an operation";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    cpu = cpu();
    wall = System.nanoTime();
  }

  @Override
  public List<ScalarResult> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    double used = cpu() - cpu;
    double share = used / (System.nanoTime() - wall);
    double nanos = used / result.getMetadata().getAllOps();
    return List.of(
        new ScalarResult(NANOS, nanos, "ns/op", AggregationPolicy.AVG),
        new ScalarResult(SHARE, share, "", AggregationPolicy.AVG));
  }

  /** Of all threads of Java, of which one runs the benchmark and the others wait. */
  private static long cpu() {
    long sum = 0;
    for (long nanos : THREADS.getThreadCpuTime(THREADS.getAllThreadIds())) {
      sum += Math.max(0, nanos);
    }
    return sum;
  }
}
