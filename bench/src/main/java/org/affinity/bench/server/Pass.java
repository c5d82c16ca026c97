/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All queries sent once, by clients each of which waits for its answer before it asks again.
 *
 * @param nanos of each request
 * @param cpuSeconds of the server
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record Pass(long[] nanos, double wallSeconds, double cpuSeconds) {

  /** Requests over wall time, of all passes together. */
  static double requestsPerSecond(List<Pass> passes) {
    return requests(passes) / passes.stream().mapToDouble(Pass::wallSeconds).sum();
  }

  /** Processor time of the server over requests, of all passes together. */
  static double cpuMicros(List<Pass> passes) {
    return passes.stream().mapToDouble(Pass::cpuSeconds).sum() * 1e6 / requests(passes);
  }

  private static long requests(List<Pass> passes) {
    return passes.stream().mapToLong(pass -> pass.nanos().length).sum();
  }

  static Pass run(ServedIndex index, List<String> searches, int clients)
      throws IOException, InterruptedException {
    long[] nanos = new long[searches.size()];
    AtomicInteger next = new AtomicInteger();
    double cpu = index.node().cpuSeconds();
    long began = System.nanoTime();
    try (ExecutorService executor = Executors.newFixedThreadPool(clients)) {
      List<Future<?>> running = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        running.add(
            executor.submit(
                () -> {
                  for (int q = next.getAndIncrement();
                      q < nanos.length;
                      q = next.getAndIncrement()) {
                    long asked = System.nanoTime();
                    index.search(searches.get(q));
                    nanos[q] = System.nanoTime() - asked;
                  }
                  return null;
                }));
      }
      for (Future<?> client : running) {
        client.get();
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e);
    }
    double wall = (System.nanoTime() - began) / 1e9;
    return new Pass(nanos, wall, index.node().cpuSeconds() - cpu);
  }
}
