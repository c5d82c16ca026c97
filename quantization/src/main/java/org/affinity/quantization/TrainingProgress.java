/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import java.util.concurrent.CancellationException;

/** Counts finished steps of a training of known length. Safe for use by any number of threads. */
final class TrainingProgress {

  private final TrainingMonitor monitor;
  private final double total;
  private double done;

  /**
   * @param total steps of the whole training, in any unit
   */
  TrainingProgress(TrainingMonitor monitor, double total) {
    this.monitor = monitor;
    this.total = total;
  }

  /**
   * Ends the training if it was cancelled.
   *
   * @throws CancellationException then
   */
  void check() {
    if (monitor.cancelled()) {
      throw new CancellationException("the training was cancelled");
    }
  }

  /** Says that all is done, also what turned out not to be needed. */
  synchronized void finish() {
    add(total - done);
  }

  /** Counts {@code steps} more as done. */
  synchronized void add(double steps) {
    done += steps;
    monitor.progress(Math.min(1, done / total));
  }
}
