/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** The ledger of a load that sends nothing: rejected rows go to their file, no state is kept. */
public final class DryRunLedger implements LoadLedger, Closeable {
  private final RejectsFile rejects;
  private long rejected;

  private DryRunLedger(RejectsFile rejects) {
    this.rejects = rejects;
  }

  /**
   * A ledger whose rejects file replaces an earlier one of the same name, unless that belongs to a
   * load that can be resumed.
   *
   * @param files the rejects file; the state file is only looked at
   * @throws IOException if the file cannot be written, or the state counts rows in it
   */
  public static DryRunLedger start(LedgerFiles files) throws IOException {
    if (Files.exists(files.state()) && Files.exists(files.rejects())) {
      long needed = Checkpoint.read(files.state()).rejectsBytes();
      if (needed > 0 && Files.size(files.rejects()) >= needed) {
        throw new LoadException(
            "%s holds the rejected rows of the load that %s is of; give a dry run another --rejects"
                .formatted(files.rejects(), files.state()));
      }
    }
    return new DryRunLedger(RejectsFile.start(files.rejects()));
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
