/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * All queries of a set asked once by one thread.
 *
 * @param nanos CPU time of each query
 * @param allocated bytes of all
 */
record Pass(long[] nanos, double wallSeconds, long allocated) {

  double cpuSeconds() {
    long sum = 0;
    for (long each : nanos) {
      sum += each;
    }
    return sum / 1e9;
  }

  static Pass run(
      VectorSet set, BuiltIndex.Searcher searcher, FilteredRows filter, int k, int effort)
      throws IOException {
    int count = set.queries().size();
    float[][] targets = new float[count][];
    for (int q = 0; q < count; q++) {
      targets[q] = set.queries().get(q);
    }
    long[] nanos = new long[count];
    int[] hits = new int[k];
    long allocated = Stopwatch.threadAllocated();
    long wall = System.nanoTime();
    long before = Stopwatch.threadCpu();
    for (int q = 0; q < count; q++) {
      searcher.search(targets[q], k, effort, filter, hits);
      long after = Stopwatch.threadCpu();
      nanos[q] = after - before;
      before = after;
    }
    double seconds = (System.nanoTime() - wall) / 1e9;
    return new Pass(nanos, seconds, Stopwatch.threadAllocated() - allocated);
  }

  /** Two threads ask all queries each; queries per second of CPU time, added up. */
  static double twoThreads(
      VectorSet set, BuiltIndex index, Form form, FilteredRows filter, int k, int effort)
      throws IOException, InterruptedException {
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<Double>> rates = new ArrayList<>();
      for (int thread = 0; thread < 2; thread++) {
        rates.add(
            threads.submit(
                () -> {
                  try (BuiltIndex.Searcher searcher = index.searcher(form)) {
                    Pass pass = run(set, searcher, filter, k, effort);
                    return set.queries().size() / pass.cpuSeconds();
                  }
                }));
      }
      double sum = 0;
      for (Future<Double> rate : rates) {
        sum += rate.get();
      }
      return sum;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io
          ? new UncheckedIOException(io)
          : new IllegalStateException(e.getCause());
    }
  }
}
