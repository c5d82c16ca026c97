/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.Closeable;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicLong;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** A bar on standard error where that is a terminal; elsewhere one line per task. Thread-safe. */
final class Progress implements Closeable {

  /** Shows nothing. */
  static final Progress NONE = new Progress();

  /** The launcher says whether there is a terminal. */
  private static final String TERMINAL = "affinity.terminal";

  private static final int STRIDE = 64;

  private final ProgressBar bar;
  private final AtomicLong done = new AtomicLong();

  private Progress() {
    bar = null;
  }

  Progress(String task, long steps) {
    if (!Boolean.getBoolean(TERMINAL)) {
      bar = null;
      System.err.println(task);
    } else {
      PrintStream err = System.err;
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(steps)
              .setUpdateIntervalMillis(500)
              .setConsumer(new ConsoleProgressBarConsumer(err))
              .build();
    }
  }

  /** One step more. */
  void step() {
    if (bar != null && done.incrementAndGet() % STRIDE == 0) {
      bar.stepTo(done.get());
    }
  }

  /** One step more, which took long. */
  void step(String message) {
    if (bar != null) {
      bar.setExtraMessage(" " + message);
      bar.stepTo(done.incrementAndGet());
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.stepTo(done.get());
      bar.close();
    }
  }
}
