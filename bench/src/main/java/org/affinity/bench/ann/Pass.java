/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Queries of a set asked once by one thread, after some that are not timed: else a pass would begin
 * with the caches of whatever was asked before it.
 *
 * @param nanos CPU time of each query
 * @param began when, by {@link System#nanoTime}
 * @param allocated bytes of all
 */
record Pass(long[] nanos, long began, long ended, long allocated) {

  private static final int WARM_UP = 50;

  double cpuSeconds() {
    long sum = 0;
    for (long each : nanos) {
      sum += each;
    }
    return sum / 1e9;
  }

  double wallSeconds() {
    return (ended - began) / 1e9;
  }

  /** What is asked, and how many of the set's queries, evenly spread. */
  record Request(VectorSet set, int queries, FilteredRows filter, int k, int effort) {

    private float[][] targets(int count) {
      Vectors all = set.queries();
      float[][] targets = new float[count][];
      for (int q = 0; q < count; q++) {
        targets[q] = all.get((int) ((long) q * all.size() / count));
      }
      return targets;
    }
  }

  static Pass run(Request request, BuiltIndex.Searcher searcher) throws IOException {
    return run(request, searcher, WARM_UP, () -> {});
  }

  /** Without those that are not timed. */
  static Pass unprepared(Request request, BuiltIndex.Searcher searcher) throws IOException {
    return run(request, searcher, 0, () -> {});
  }

  private static Pass run(
      Request request, BuiltIndex.Searcher searcher, int untimed, Runnable ready)
      throws IOException {
    float[][] targets = request.targets(request.queries());
    long[] nanos = new long[targets.length];
    int[] hits = new int[request.k()];
    for (float[] target : request.targets(Math.min(untimed, targets.length))) {
      searcher.search(target, request.k(), request.effort(), request.filter(), hits);
    }
    ready.run();
    long allocated = Stopwatch.threadAllocated();
    long began = System.nanoTime();
    long before = Stopwatch.threadCpu();
    for (int q = 0; q < targets.length; q++) {
      searcher.search(targets[q], request.k(), request.effort(), request.filter(), hits);
      long after = Stopwatch.threadCpu();
      nanos[q] = after - before;
      before = after;
    }
    return new Pass(nanos, began, System.nanoTime(), Stopwatch.threadAllocated() - allocated);
  }

  /** Two threads ask all of it each, at the same time: queries of both per second of wall time. */
  static double twoThreads(Request request, BuiltIndex index, Form form)
      throws IOException, InterruptedException {
    CyclicBarrier start = new CyclicBarrier(2);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<Pass>> passes = new ArrayList<>();
      for (int thread = 0; thread < 2; thread++) {
        passes.add(
            threads.submit(
                () -> {
                  try (BuiltIndex.Searcher searcher = index.searcher(form)) {
                    return run(request, searcher, WARM_UP, () -> await(start));
                  }
                }));
      }
      Pass a = passes.get(0).get();
      Pass b = passes.get(1).get();
      double seconds = (Math.max(a.ended, b.ended) - Math.min(a.began, b.began)) / 1e9;
      return 2 * request.queries() / seconds;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io
          ? new UncheckedIOException(io)
          : new IllegalStateException(e.getCause());
    }
  }

  private static void await(CyclicBarrier start) {
    try {
      start.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException("the other thread did not begin", e);
    }
  }
}
