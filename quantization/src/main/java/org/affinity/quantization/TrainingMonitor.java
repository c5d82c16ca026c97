/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

/**
 * What a training tells while it runs, and how it is stopped. Called from every training thread, so
 * implementations must be thread-safe, and quick.
 */
public interface TrainingMonitor {

  /** Watches nothing and never stops a training. */
  TrainingMonitor NONE =
      new TrainingMonitor() {
        @Override
        public void progress(double done) {}

        @Override
        public boolean cancelled() {
          return false;
        }
      };

  /** The share of the work that is done, 0 to 1; never goes back. */
  void progress(double done);

  /** Asked at least once in a round of k-means; true ends the training. */
  boolean cancelled();
}
