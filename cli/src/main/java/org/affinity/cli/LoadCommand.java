/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.affinity.cli.console.ServerOptions;
import org.affinity.ingest.BulkTarget;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.FileLedger;
import org.affinity.ingest.IndexMapping;
import org.affinity.ingest.LedgerFiles;
import org.affinity.ingest.LoadException;
import org.affinity.ingest.ModelStamp;
import org.affinity.ingest.RowStatistics;
import org.affinity.ingest.ServerConnection;
import org.affinity.ingest.ShapedRows;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code affinity load}. */
@Command(
    name = "load",
    description = "Load embeddings into a field of an index.",
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
  @Mixin private StoreOptions store;
  @Mixin private ReportOptions reporting;
  @Mixin private ServerOptions server;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this, and exit.")
  @SuppressWarnings("UnusedVariable") // picocli's; the standard options have another --version
  private boolean help;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    options.checkFiles();
    store.check(field);
    if (reporting.dryRun() && options.resume()) {
      throw new IllegalArgumentException("--dry-run stores nothing, so --resume has no meaning");
    }
    LedgerFiles files = options.ledger(index, field, reporting.dryRun());
    files.requireApart(sources(), reporting.written());
    Map<String, String> origin = options.origin();
    ServerConnection connection = server.connect();
    BulkTarget target = BulkTarget.find(connection, index, field);
    target.requireWritable(connection);
    Optional<ModelStamp> stamp = store.stamp(field);
    if (stamp.isPresent()) {
      IndexMapping.find(connection, index).requireRoomFor(stamp.get());
    }
    try (EmbeddingReader rows = options.open(store.ofSource(target))) {
      RowStatistics statistics =
          new RowStatistics(RowStatistics.idLimit(Runtime.getRuntime().maxMemory()));
      LoadRun run =
          new LoadRun(
              connection,
              target,
              options.bulk(store.mode()),
              new ShapedRows(rows, store.steps(field), statistics),
              options.file().getFileName().toString());
      LoadSummary summary =
          summary(
              target,
              origin,
              statistics,
              files,
              reporting.dryRun() ? run.check(files) : load(run, files));
      summary.print(spec.commandLine().getOut());
      if (reporting.report() != null) {
        summary.write(reporting.report());
      }
      return summary.outcome().rejected() > 0 ? SOME_REJECTED : 0;
    }
  }

  private List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>(options.sources());
    sources.addAll(store.files());
    return sources;
  }

  private LoadRun.Outcome load(LoadRun run, LedgerFiles files)
      throws IOException, InterruptedException {
    Map<String, String> stored = StoredOptions.of(spec, "server");
    try (FileLedger ledger =
        options.resume()
            ? FileLedger.resume(files, sources(), run.target(), stored)
            : FileLedger.start(files, sources(), run.target(), stored)) {
      if (options.resume()) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, "resuming after row %,d%n", ledger.settledRow());
        out.flush();
      }
      return run.load(ledger);
    } catch (IOException e) {
      throw Files.exists(files.state()) ? withHint(e, files) : e;
    }
  }

  private static LoadException withHint(IOException e, LedgerFiles files) {
    return new LoadException(
        e.getMessage() + "\nhow far it came is in " + files.state() + "; --resume goes on there",
        e);
  }

  private LoadSummary summary(
      BulkTarget target,
      Map<String, String> origin,
      RowStatistics statistics,
      LedgerFiles files,
      LoadRun.Outcome outcome) {
    return new LoadSummary(
        target,
        store.mode(),
        reporting.dryRun(),
        origin,
        store.stamp(field).map(ModelStamp::fields).orElse(Map.of()),
        outcome,
        files.rejects(),
        statistics);
  }
}
