/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.affinity.bench.report.Numbers;

/**
 * Measures tasks round-robin in one thread, each round against the same reference, with the CPU
 * time of the thread: what the neighbours of a busy machine do then hits all alike. Medians.
 */
final class KernelTimer {

  /** A loop over the first {@code units} of something. */
  interface Loop {
    long run(int units);
  }

  /** One thing to measure; {@code bytes} it reads per unit. */
  record Task(String name, Loop loop, int units, double bytes) {}

  /** What came out, per unit. */
  record Result(
      String name, double nanos, double ratio, double gigabytesPerSecond, double allocatedBytes) {}

  private static final int WARM_UNITS = 512;

  private final com.sun.management.ThreadMXBean threads =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final KernelReference reference = new KernelReference();
  private final int rounds;
  private final long warmNanos;
  private final int warmCalls;
  private long sink;

  KernelTimer(boolean quick, int rounds) {
    this.rounds = rounds;
    this.warmNanos = quick ? 2_000_000 : 150_000_000;
    this.warmCalls = quick ? 10 : 12_000;
  }

  /** What all loops returned, so that none can be left out. */
  long checksum() {
    return sink;
  }

  private long now() {
    return threads.getCurrentThreadCpuTime();
  }

  private double reference() {
    int passes = 30;
    long start = now();
    for (int i = 0; i < passes; i++) {
      sink += reference.dots();
    }
    return (now() - start) / (double) (passes * KernelReference.VECTORS);
  }

  private int warm(Task task) {
    int few = Math.min(WARM_UNITS, task.units());
    long start = now();
    for (int i = 0; i < warmCalls && now() - start < 40 * warmNanos; i++) {
      sink += task.loop().run(few);
    }
    start = now();
    int runs = 0;
    while (runs < 2 || now() - start < warmNanos) {
      sink += task.loop().run(task.units());
      runs++;
    }
    start = now();
    sink += task.loop().run(task.units());
    return (int) Math.max(1, 2_000_000 / Math.max(1, now() - start));
  }

  List<Result> measure(List<Task> tasks) {
    for (int i = 0; i < 50; i++) {
      reference();
    }
    int[] repeats = tasks.stream().mapToInt(this::warm).toArray();
    double[][] nanos = new double[tasks.size()][rounds];
    double[][] ratios = new double[tasks.size()][rounds];
    double[] allocated = new double[tasks.size()];
    for (int round = 0; round < rounds; round++) {
      double yardstick = reference();
      for (int t = 0; t < tasks.size(); t++) {
        Task task = tasks.get(t);
        long bytes = threads.getCurrentThreadAllocatedBytes();
        long start = now();
        for (int i = 0; i < repeats[t]; i++) {
          sink += task.loop().run(task.units());
        }
        double units = (double) repeats[t] * task.units();
        nanos[t][round] = (now() - start) / units;
        ratios[t][round] = nanos[t][round] / yardstick;
        allocated[t] = (threads.getCurrentThreadAllocatedBytes() - bytes) / units;
      }
    }
    List<Result> results = new ArrayList<>();
    for (int t = 0; t < tasks.size(); t++) {
      double median = Numbers.median(nanos[t]);
      Task task = tasks.get(t);
      results.add(
          new Result(
              task.name(),
              median,
              Numbers.median(ratios[t]),
              task.bytes() / median,
              Math.round(10 * allocated[t]) / 10.0));
    }
    return results;
  }
}
