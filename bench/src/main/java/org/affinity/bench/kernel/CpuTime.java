/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.kernel;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  private Map<Long, Long> cpu = Map.of();
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
    double used = since(cpu);
    double share = used / (System.nanoTime() - wall);
    double nanos = used / result.getMetadata().getAllOps();
    return List.of(
        new ScalarResult(NANOS, nanos, "ns/op", AggregationPolicy.AVG),
        new ScalarResult(SHARE, share, "", AggregationPolicy.AVG));
  }

  /** By thread, of all of Java's: one of them runs the benchmark and the others wait. */
  private static Map<Long, Long> cpu() {
    long[] ids = THREADS.getAllThreadIds();
    long[] nanos = THREADS.getThreadCpuTime(ids);
    Map<Long, Long> cpu = new HashMap<>();
    for (int i = 0; i < ids.length; i++) {
      cpu.put(ids[i], Math.max(0, nanos[i]));
    }
    return cpu;
  }

  /** What threads that still live have used since; one that ended takes nothing away. */
  private static long since(Map<Long, Long> before) {
    long sum = 0;
    for (Map.Entry<Long, Long> thread : cpu().entrySet()) {
      sum += Math.max(0, thread.getValue() - before.getOrDefault(thread.getKey(), 0L));
    }
    return sum;
  }
}
