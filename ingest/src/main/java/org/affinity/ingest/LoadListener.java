/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

/** Is told how a load goes on; called on the loading thread, after every batch. */
@FunctionalInterface
public interface LoadListener {
  /** Takes note of where the load stands. */
  void progress(LoadProgress progress);
}
