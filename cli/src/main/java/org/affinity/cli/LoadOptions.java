/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.affinity.ingest.BulkOptions;
import org.affinity.ingest.BulkTarget;
import org.affinity.ingest.EmbeddingFormat;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.FvecsReader;
import org.affinity.ingest.JsonLinesReader;
import org.affinity.ingest.LedgerFiles;
import org.affinity.ingest.RetryPolicy;
import org.affinity.ingest.WriteMode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code load} is told about the source and about the way there. */
final class LoadOptions {
  @Parameters(paramLabel = "FILE", description = "The embeddings, gzipped or not.")
  private Path file;

  @Option(
      names = "--format",
      paramLabel = "jsonl|fvecs",
      description = "The file's format (default: told by its content).")
  private String format;

  @Option(
      names = "--ids",
      paramLabel = "FILE",
      description = "fvecs: the ids, one per line (default: row numbers from 1).")
  private Path ids;

  @Option(
      names = "--id-field",
      paramLabel = "NAME",
      defaultValue = "id",
      description = "jsonl: the field with the id (default: id).")
  private String idField;

  @Option(
      names = "--vector-field",
      paramLabel = "NAME",
      description = "jsonl: the field with the vector (default: as --field).")
  private String vectorField;

  @Option(
      names = "--dimension",
      paramLabel = "N",
      description = "Reject vectors of another dimension (default: as the mapping says).")
  private int dimension;

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
    return file;
  }

  boolean resume() {
    return resume;
  }

  /** Fails early, before any server is asked, where a file is not there or of no known format. */
  void checkFiles() throws IOException {
    for (Path source : sources()) {
      if (!Files.isRegularFile(source)) {
        throw new NoSuchFileException(source.toString());
      }
    }
    format();
  }

  /** The files whose identity a resumed load must find again. */
  List<Path> sources() {
    List<Path> sources = new ArrayList<>(List.of(file));
    if (ids != null) {
      sources.add(ids);
    }
    return sources;
  }

  BulkOptions bulk(WriteMode mode) {
    return new BulkOptions(batchBytes, batchDocs, inFlight, mode, RetryPolicy.DEFAULT);
  }

  /** The files to write, named after the source, the index and the field. */
  LedgerFiles ledger(String index, String field, boolean dryRun) {
    String stem = file.getFileName() + "." + index + "." + field + (dryRun ? ".dry-run" : "");
    return new LedgerFiles(
        state != null ? state : Path.of(stem + ".state.json"),
        rejects != null ? rejects : Path.of(stem + ".rejects.jsonl"));
  }

  EmbeddingReader open(BulkTarget target) throws IOException {
    int expected = dimension > 0 ? dimension : target.dimension();
    return switch (format()) {
      case JSON_LINES -> {
        if (ids != null) {
          throw new IllegalArgumentException("--ids is for fvecs; JSON lines hold their ids");
        }
        String vector = vectorField != null ? vectorField : target.field();
        yield new JsonLinesReader(file, idField, vector, expected);
      }
      case FVECS ->
          ids == null ? FvecsReader.open(file, expected) : FvecsReader.open(file, ids, expected);
    };
  }

  private EmbeddingFormat format() throws IOException {
    if (format == null) {
      return EmbeddingFormat.detect(file);
    }
    for (EmbeddingFormat each : EmbeddingFormat.values()) {
      if (each.label().equals(format)) {
        return each;
      }
    }
    throw new IllegalArgumentException("--format is jsonl or fvecs, not " + format);
  }
}
