/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.affinity.ingest.format.FvecsReader;

/** A loader in a process of its own, so that a test can kill it. */
final class LoaderProcess {
  private LoaderProcess() {}

  /** Arguments: the server's URL, the vectors, the state file, the rejects file. */
  public static void main(String[] args) throws Exception {
    ServerConnection server = new ServerConnection(Endpoint.of(args[0]));
    BulkTarget target = BulkTarget.find(server, "books", "taste");
    Path vectors = Path.of(args[1]);
    LedgerFiles files = new LedgerFiles(Path.of(args[2]), Path.of(args[3]));
    RetryPolicy retry = new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(2));
    BulkOptions options = new BulkOptions(5 << 20, 10, 3, WriteMode.REPLACE, retry);
    try (FvecsReader reader = FvecsReader.open(vectors, target.dimension());
        FileLedger ledger = FileLedger.resume(files, List.of(vectors), target)) {
      new BulkLoader(server, target, options, progress -> {}).load(reader, ledger);
      ledger.complete();
    }
  }
}
