/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.affinity.ingest.BulkOptions;
import org.affinity.ingest.BulkTarget;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.LedgerFiles;
import org.affinity.ingest.RetryPolicy;
import org.affinity.ingest.WriteMode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code load} is told about the way there, beside the source. */
final class LoadOptions {
  @Mixin private SourceOptions source;

  @Option(
      names = "--batch-bytes",
      paramLabel = "N",
      defaultValue = "5242880",
      description = "Send a request at this many bytes (default: 5242880).")
  private int batchBytes;

  @Option(
      names = "--batch-docs",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Or at this many documents (default: 5000).")
  private int batchDocs;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      defaultValue = "2",
      description = "Requests that may wait for an answer at once (default: 2).")
  private int inFlight;

  @Option(
      names = "--resume",
      description = "Go on after the last row that an interrupted load had stored.")
  private boolean resume;

  @Option(
      names = "--state",
      paramLabel = "FILE",
      description = "Where to keep how far the load is (default: here, named after FILE).")
  private Path state;

  @Option(
      names = "--rejects",
      paramLabel = "FILE",
      description = "Where to list rejected rows (default: here, named after FILE).")
  private Path rejects;

  Path file() {
    return source.file();
  }

  boolean resume() {
    return resume;
  }

  /** Fails early, before any server is asked, where a file is not there or of no known format. */
  void checkFiles() throws IOException {
    source.check();
  }

  /** The files whose identity a resumed load must find again. */
  List<Path> sources() throws IOException {
    return source.files();
  }

  /** What the source says about where it comes from, by name; often nothing. */
  Map<String, String> origin() throws IOException {
    return source.origin();
  }

  BulkOptions bulk(WriteMode mode) {
    return new BulkOptions(batchBytes, batchDocs, inFlight, mode, RetryPolicy.DEFAULT);
  }

  /**
   * The files to write, named after the source, the index and the field. A dry run looks at the
   * state of a load whose rejects file it was given.
   */
  LedgerFiles ledger(String index, String field, boolean dryRun) {
    String stem = file().getFileName() + "." + index + "." + field;
    if (dryRun && rejects == null) {
      return new LedgerFiles(
          Path.of(stem + ".dry-run.state.json"), Path.of(stem + ".dry-run.rejects.jsonl"));
    }
    return new LedgerFiles(
        state != null ? state : Path.of(stem + ".state.json"),
        rejects != null ? rejects : Path.of(stem + ".rejects.jsonl"));
  }

  EmbeddingReader open(BulkTarget target) throws IOException {
    return source.open(target.field(), target.dimension());
  }
}
