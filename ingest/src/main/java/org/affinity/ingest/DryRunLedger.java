/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The ledger of a load that sends nothing: rejected rows go to their file, no state is kept. */
public final class DryRunLedger implements LoadLedger, Closeable {
  private final RejectsFile rejects;
  private long rejected;

  private DryRunLedger(RejectsFile rejects) {
    this.rejects = rejects;
  }

  /** A ledger whose rejects file replaces an earlier one of the same name. */
  public static DryRunLedger start(Path rejects) throws IOException {
    return new DryRunLedger(RejectsFile.start(rejects));
  }

  @Override
  public long settledRow() {
    return 0;
  }

  /** Rows rejected. */
  public long rejected() {
    return rejected;
  }

  @Override
  public void settle(long lastRow, Tally documents, List<Row.Rejected> rows) throws IOException {
    rejects.append(rows);
    rejected += rows.size();
  }

  @Override
  public void close() throws IOException {
    rejects.close();
  }
}
