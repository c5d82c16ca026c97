/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.affinity.cli.console.ProgressDisplay;
import org.affinity.cli.console.ServerOptions;
import org.affinity.ingest.BulkLoader;
import org.affinity.ingest.BulkTarget;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.FileLedger;
import org.affinity.ingest.LedgerFiles;
import org.affinity.ingest.LoadException;
import org.affinity.ingest.LoadReport;
import org.affinity.ingest.ServerConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code affinity load}. */
@Command(
    name = "load",
    description = "Load embeddings into a field of an index.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpWidth = 100,
    customSynopsis = "affinity load FILE --index INDEX --field FIELD [OPTION]...",
    footer = {
      "",
      "Exit codes: 0 every row is stored, 2 some rows were rejected, 1 the load failed."
    })
final class LoadCommand implements Callable<Integer> {
  private static final int SOME_REJECTED = 2;

  @Option(names = "--index", required = true, paramLabel = "INDEX", description = "The index.")
  private String index;

  @Option(
      names = "--field",
      required = true,
      paramLabel = "FIELD",
      description = "Its field of type embedding.")
  private String field;

  @Mixin private LoadOptions options;
  @Mixin private ServerOptions server;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    options.checkFiles();
    LedgerFiles files = options.ledger(index, field);
    files.requireApart(options.sources());
    ServerConnection connection = server.connect();
    BulkTarget target = BulkTarget.find(connection, index, field);
    PrintWriter out = spec.commandLine().getOut();
    try (EmbeddingReader reader = options.open(target);
        FileLedger ledger = ledger(files, target)) {
      if (options.resume()) {
        out.printf(Locale.ROOT, "resuming after row %,d%n", ledger.settledRow());
        out.flush();
      }
      LoadReport report = load(connection, target, reader, ledger);
      ledger.complete();
      print(out, report, ledger, files);
      return ledger.rejected() > 0 ? SOME_REJECTED : 0;
    } catch (IOException e) {
      throw Files.exists(files.state()) ? withHint(e, files) : e;
    }
  }

  private FileLedger ledger(LedgerFiles files, BulkTarget target) throws IOException {
    return options.resume()
        ? FileLedger.resume(files, options.sources(), target)
        : FileLedger.start(files, options.sources(), target);
  }

  private LoadReport load(
      ServerConnection connection, BulkTarget target, EmbeddingReader reader, FileLedger ledger)
      throws IOException, InterruptedException {
    try (ProgressDisplay display =
        ProgressDisplay.ofBytes(options.file().getFileName().toString())) {
      return new BulkLoader(connection, target, options.bulk(), display).load(reader, ledger);
    }
  }

  private static LoadException withHint(IOException e, LedgerFiles files) {
    return new LoadException(
        e.getMessage() + "\nhow far it came is in " + files.state() + "; --resume goes on there",
        e);
  }

  private static void print(
      PrintWriter out, LoadReport report, FileLedger ledger, LedgerFiles files) {
    if (report.skipped() > 0) {
      out.printf(Locale.ROOT, "skipped   %,d rows of earlier runs%n", report.skipped());
    }
    out.printf(Locale.ROOT, "read      %,d rows%n", report.read());
    out.printf(
        Locale.ROOT,
        "loaded    %,d documents: %,d new, %,d replaced or updated%n",
        report.loaded(),
        report.created(),
        report.loaded() - report.created());
    if (ledger.rejected() > 0) {
      out.printf(Locale.ROOT, "rejected  %,d rows, see %s%n", ledger.rejected(), files.rejects());
    } else {
      out.println("rejected  none");
    }
    out.printf(Locale.ROOT, "took      %.1f s, %,.0f vectors/s%n", report.seconds(), report.rate());
    out.flush();
  }
}
