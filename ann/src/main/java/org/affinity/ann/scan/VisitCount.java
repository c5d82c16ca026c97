/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.scan;

import org.apache.lucene.search.KnnCollector;

/**
 * Tells a collector what was visited, {@value #STEP} at a time: Lucene allows a search to exceed
 * its limit by less than that. For one thread.
 */
public final class VisitCount {

  /** Visits told at a time. */
  public static final int STEP = 64;

  private final KnnCollector collector;
  private int pending;

  public VisitCount(KnnCollector collector) {
    this.collector = collector;
  }

  /**
   * Counts visits as far as the collector's limit allows.
   *
   * @return how many of them may be used; fewer than asked for means stop
   */
  public int visit(int count) {
    int allowed = 0;
    while (allowed < count) {
      if (pending == 0 && collector.earlyTerminated()) {
        return allowed;
      }
      int step = Math.min(count - allowed, STEP - pending);
      pending += step;
      allowed += step;
      if (pending == STEP) {
        collector.incVisitedCount(STEP);
        pending = 0;
      }
    }
    return allowed;
  }

  /** Whether no more visits are allowed. */
  boolean isOver() {
    return collector.earlyTerminated();
  }

  /** Tells the rest. */
  public void finish() {
    if (pending > 0) {
      collector.incVisitedCount(pending);
      pending = 0;
    }
  }
}
