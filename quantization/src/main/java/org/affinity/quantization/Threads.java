/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * Runs independent pieces of work on the calling thread and on those an executor spares. The caller
 * always works, so a busy executor costs time and never blocks.
 *
 * @param executor null for none
 * @param helpers threads of it to ask for
 */
record Threads(Executor executor, int helpers) {

  /** The calling thread alone. */
  static final Threads CALLER = new Threads(null, 0);

  /** Runs {@code work} for 0 to {@code count} − 1; throws what the first failure threw. */
  void forEach(int count, IntConsumer work) {
    Share share = new Share(count, work);
    List<Helper> asked = new ArrayList<>();
    try {
      for (int i = 0; i < Math.min(helpers, count - 1); i++) {
        Helper helper = new Helper(share);
        executor.execute(helper);
        asked.add(helper);
      }
    } catch (RejectedExecutionException e) {
      // Fewer helpers: the caller does their share.
    }
    share.take();
    for (Helper helper : asked) {
      helper.join();
    }
    switch (share.failure.get()) {
      case null -> {}
      case Error error -> throw error;
      case Throwable failure -> throw (RuntimeException) failure;
    }
  }

  /** What is left to do. */
  private static final class Share {
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final int count;
    private final IntConsumer work;

    Share(int count, IntConsumer work) {
      this.count = count;
      this.work = work;
    }

    void take() {
      try {
        for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
          work.accept(i);
        }
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
        next.set(count);
      }
    }
  }

  /** A turn on one of the executor's threads, if it comes before all is done. */
  private static final class Helper implements Runnable {
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Share share;

    Helper(Share share) {
      this.share = share;
    }

    @Override
    public void run() {
      if (begun.compareAndSet(false, true)) {
        share.take();
        ended.countDown();
      }
    }

    /** Waits for a turn that began and calls off one that did not. */
    void join() {
      if (begun.compareAndSet(false, true)) {
        return;
      }
      boolean interrupted = false;
      while (ended.getCount() > 0) {
        try {
          ended.await();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
