/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Time and allocation of the thread or of the whole process. */
final class Stopwatch {

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final long cpu = PROCESS.getProcessCpuTime();
  private final long wall = System.nanoTime();

  /** Nanoseconds of CPU of this thread. */
  static long threadCpu() {
    return THREADS.getCurrentThreadCpuTime();
  }

  /** Bytes this thread ever allocated. */
  static long threadAllocated() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }

  /** Bytes of heap that are in use after a collection. */
  static long heap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  /** Since the watch was made, of all threads. */
  Work stop() {
    return new Work((PROCESS.getProcessCpuTime() - cpu) / 1e9, (System.nanoTime() - wall) / 1e9);
  }

  /** Seconds of CPU of all threads of the process, and seconds that went by. */
  record Work(double cpuSeconds, double wallSeconds) {}
}
