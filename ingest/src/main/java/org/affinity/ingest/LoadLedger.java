/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.io.IOException;
import java.util.List;

/** What a load writes down as the server acknowledges it, always for leading rows of the source. */
public interface LoadLedger {
  /** The last row that an earlier run has settled; 0 to start at the first. */
  long settledRow();

  /**
   * True if an earlier run may have stored rows after the last it settled: what was under way when
   * it was killed.
   */
  default boolean isResumed() {
    return settledRow() > 0;
  }

  /**
   * Called in the order of the source, after every row up to the last of these is either stored or
   * rejected for good.
   *
   * @param lastRow the last such row
   * @param documents what became of those sent since the last call
   * @param rejected the rows rejected since the last call, in order
   * @throws IOException if it cannot be written down; this ends the load
   */
  void settle(long lastRow, Tally documents, List<Row.Rejected> rejected) throws IOException;

  /** A ledger that forgets: for loads that are never resumed. */
  static LoadLedger none() {
    return new LoadLedger() {
      @Override
      public long settledRow() {
        return 0;
      }

      @Override
      public void settle(long lastRow, Tally documents, List<Row.Rejected> rejected) {}
    };
  }
}
