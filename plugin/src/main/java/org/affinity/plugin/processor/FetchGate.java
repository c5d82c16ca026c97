/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.opensearch.ExceptionsHelper;
import org.opensearch.common.util.concurrent.ThreadContext;

/**
 * How many multi-gets of this node's pipelines are on their way at a time. What comes on top waits
 * its turn, on no thread, and then runs with its own caller's context. Under {@code if}, {@code
 * foreach} and {@code pipeline} OpenSearch hands over documents one by one, and without a gate a
 * large bulk would fill the queue of the get threads. Thread-safe.
 */
final class FetchGate {

  static final int MAX_UNDER_WAY = 16;

  private static final Logger LOGGER = LogManager.getLogger(FetchGate.class);

  private final ThreadContext threadContext;
  private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger free = new AtomicInteger(MAX_UNDER_WAY);

  /** Calls of {@link #admit} since the last one began; one at a time admits, for all of them. */
  private final AtomicInteger calls = new AtomicInteger();

  FetchGate(ThreadContext threadContext) {
    this.threadContext = threadContext;
  }

  /**
   * Runs a task now or later.
   *
   * @param task must lead to one {@link #leave}, unless it throws
   * @param failed takes what the task threw, and must lead to that one {@link #leave}
   */
  void enter(Runnable task, Consumer<Exception> failed) {
    waiting.add(threadContext.preserveContext(() -> run(task, failed)));
    admit();
  }

  /** Never throws: this may be the thread of another bulk. An error ends the node, as anywhere. */
  private static void run(Runnable task, Consumer<Exception> failed) {
    try {
      task.run();
    } catch (Throwable thrown) {
      try {
        failed.accept(
            thrown instanceof Exception e ? e : new IllegalStateException("failed to ask", thrown));
      } catch (RuntimeException e) {
        LOGGER.error("a bulk cannot be told why its vectors were not asked for", e);
      }
      ExceptionsHelper.maybeDieOnAnotherThread(thrown);
    }
  }

  void leave() {
    free.incrementAndGet();
    admit();
  }

  /** A loop, not a recursion: a task may be over, and leave, before it returns. */
  private void admit() {
    int seen = calls.incrementAndGet();
    if (seen > 1) {
      return;
    }
    while (seen != 0) {
      while (free.get() > 0 && !waiting.isEmpty()) {
        free.decrementAndGet();
        waiting.remove().run();
      }
      seen = calls.addAndGet(-seen);
    }
  }
}
