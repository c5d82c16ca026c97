/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.affinity.cli.console.ProgressDisplay;
import org.affinity.cli.console.ServerOptions;
import org.affinity.ingest.BulkTarget;
import org.affinity.ingest.IndexMapping;
import org.affinity.ingest.LoadException;
import org.affinity.ingest.RetryPolicy;
import org.affinity.ingest.ServerConnection;
import org.affinity.ingest.export.ExportReport;
import org.affinity.ingest.export.FieldExport;
import org.affinity.ingest.export.OutputFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code affinity export}. */
@Command(
    name = "export",
    description = "Write the vectors of a field, with the ids of their documents, to a file.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpWidth = 100,
    customSynopsis =
        "affinity export --index INDEX --field FIELD --format FORMAT --out FILE [OPTION]...",
    footer = {"", "Exit codes: 0 all is written, 1 nothing is."})
final class ExportCommand implements Callable<Integer> {
  @Option(names = "--index", required = true, paramLabel = "INDEX", description = "The index.")
  private String index;

  @Option(
      names = "--field",
      required = true,
      paramLabel = "FIELD",
      description = "Its field of type embedding.")
  private String field;

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      description = "jsonl, npy (and FILE.ids.txt beside it), word2vec (text) or parquet.")
  private String format;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The file.")
  private Path out;

  @Option(
      names = "--query",
      paramLabel = "JSON",
      description = "Only documents that match a query, such as '{\"term\":{\"genre\":\"war\"}}'.")
  private String query;

  @Option(names = "--force", description = "Replace files that are there.")
  private boolean force;

  @Mixin private ServerOptions server;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ExportFormat into = ExportFormat.of(format);
    JsonNode filter = query == null ? null : parse(query);
    try (OutputFiles files = OutputFiles.plan(out, into.suffixes(), force)) {
      ServerConnection connection = server.connect();
      BulkTarget source = BulkTarget.find(connection, index, field);
      if (IndexMapping.find(connection, index).isNested(field)) {
        throw new LoadException(
            "field '"
                + field
                + "' is in nested objects: a document has many, and an id one vector");
      }
      ExportReport report = export(connection, source, filter, into, files);
      files.commit();
      print(report);
      return 0;
    }
  }

  private ExportReport export(
      ServerConnection connection,
      BulkTarget source,
      JsonNode filter,
      ExportFormat into,
      OutputFiles files)
      throws IOException, InterruptedException {
    try (ProgressDisplay display = ProgressDisplay.ofExport(out.getFileName().toString())) {
      return new FieldExport(connection, source, filter, RetryPolicy.DEFAULT)
          .run(
              vectors -> {
                files.requireRoom(vectors * into.bytesPerNumber() * source.dimension());
                return into.writer().open(files.parts(), field, source.dimension());
              },
              display);
    }
  }

  private static JsonNode parse(String query) {
    try {
      JsonNode json =
          JsonMapper.builder()
              .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
              .build()
              .readTree(query);
      if (json.isObject()) {
        return json;
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("--query is no JSON: " + e.getOriginalMessage(), e);
    }
    throw new IllegalArgumentException(
        "--query is a JSON object such as {\"term\": {\"genre\": \"war\"}}");
  }

  private void print(ExportReport report) {
    PrintWriter lines = spec.commandLine().getOut();
    lines.printf(Locale.ROOT, "exported  %,d vectors to %s%n", report.exported(), out);
    lines.printf(Locale.ROOT, "skipped   %,d documents without a vector%n", report.skipped());
    lines.printf(
        Locale.ROOT, "took      %.1f s, %,.0f vectors/s%n", report.seconds(), report.rate());
    lines.flush();
  }
}
