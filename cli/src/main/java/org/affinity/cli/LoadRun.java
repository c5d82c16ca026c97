/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli;

import java.io.IOException;
import java.util.Optional;
import org.affinity.cli.console.ProgressDisplay;
import org.affinity.ingest.BulkLoader;
import org.affinity.ingest.BulkOptions;
import org.affinity.ingest.BulkTarget;
import org.affinity.ingest.Coverage;
import org.affinity.ingest.DryRunLedger;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.FileLedger;
import org.affinity.ingest.LedgerFiles;
import org.affinity.ingest.LoadReport;
import org.affinity.ingest.ServerConnection;
import org.affinity.ingest.Tally;

/**
 * One run of a load, with its progress shown.
 *
 * @param server the server
 * @param target where to
 * @param options how
 * @param rows what; the caller closes them
 * @param name what to call them
 */
record LoadRun(
    ServerConnection server,
    BulkTarget target,
    BulkOptions options,
    EmbeddingReader rows,
    String name) {
  /**
   * What was done.
   *
   * @param run in this run
   * @param total what became of documents over all runs
   * @param rejected rows rejected over all runs
   * @param coverage of the index, where it is known
   * @param noCoverage why it is not
   */
  record Outcome(
      LoadReport run, Tally total, long rejected, Optional<Coverage> coverage, String noCoverage) {}

  /** Loads, and ends the ledger's job. */
  Outcome load(FileLedger ledger) throws IOException, InterruptedException {
    LoadReport report;
    try (ProgressDisplay display = ProgressDisplay.ofBytes(name)) {
      report = new BulkLoader(server, target, options, display).load(rows, ledger);
    }
    ledger.complete();
    try {
      Coverage coverage = Coverage.count(server, target);
      return new Outcome(report, ledger.documents(), ledger.rejected(), Optional.of(coverage), "");
    } catch (IOException e) {
      return new Outcome(
          report, ledger.documents(), ledger.rejected(), Optional.empty(), e.getMessage());
    }
  }

  /** Reads and checks, and sends nothing. */
  Outcome check(LedgerFiles files) throws IOException, InterruptedException {
    try (DryRunLedger ledger = DryRunLedger.start(files);
        ProgressDisplay display = ProgressDisplay.ofBytes(name)) {
      LoadReport report = new BulkLoader(server, target, options, display).check(rows, ledger);
      return new Outcome(report, report.documents(), ledger.rejected(), Optional.empty(), "");
    }
  }
}
