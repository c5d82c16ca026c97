/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.affinity.ingest.BulkOptions;
import org.affinity.ingest.BulkTarget;
import org.affinity.ingest.EmbeddingFormat;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.FileFormat;
import org.affinity.ingest.FvecsReader;
import org.affinity.ingest.JsonLinesReader;
import org.affinity.ingest.LedgerFiles;
import org.affinity.ingest.RetryPolicy;
import org.affinity.parquet.model.AlsSide;
import org.affinity.parquet.model.ModelFormats;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code load} is told about the source and about the way there. */
final class LoadOptions {
  @Parameters(paramLabel = "FILE", description = "The embeddings, gzipped or not.")
  private Path file;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description =
          "jsonl, fvecs, parquet, spark-als, spark-word2vec or mlflow (default: told by content).")
  private String format;

  @Option(
      names = "--ids",
      paramLabel = "FILE",
      description = "fvecs: the ids, one per line (default: row numbers from 1).")
  private Path ids;

  @Option(
      names = "--id-field",
      paramLabel = "NAME",
      description = "jsonl: the field with the id (default: id); parquet: the column.")
  private String idField;

  @Option(
      names = "--vector-field",
      paramLabel = "NAME",
      description = "jsonl: the field with the vector (default: as --field); parquet: the column.")
  private String vectorField;

  @Option(
      names = "--side",
      paramLabel = "item|user",
      description = "spark-als: which factors to load.")
  private String side;

  @Option(
      names = "--dimension",
      paramLabel = "N",
      description = "Reject vectors of another dimension (default: as the mapping says).")
  private int dimension;

  @Option(
      names = "--as-update",
      description = "Update documents and keep their other fields; create what is missing.")
  private boolean asUpdate;

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
      if (!Files.isRegularFile(source) && !source.equals(file) && !Files.isDirectory(file)) {
        throw new NoSuchFileException(source.toString());
      }
    }
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (modelFormat().isEmpty()) {
      format();
    }
  }

  /** The files whose identity a resumed load must find again. */
  List<Path> sources() throws IOException {
    Optional<EmbeddingFormat> model = Files.exists(file) ? modelFormat() : Optional.empty();
    if (model.isPresent()) {
      return model.get().files(source(dimension));
    }
    List<Path> sources = new ArrayList<>(List.of(file));
    if (ids != null) {
      sources.add(ids);
    }
    return sources;
  }

  BulkOptions bulk() {
    return new BulkOptions(batchBytes, batchDocs, inFlight, asUpdate, RetryPolicy.DEFAULT);
  }

  /** The files to write, named after the source, the index and the field. */
  LedgerFiles ledger(String index, String field) {
    String stem = file.getFileName() + "." + index + "." + field;
    return new LedgerFiles(
        state != null ? state : Path.of(stem + ".state.json"),
        rejects != null ? rejects : Path.of(stem + ".rejects.jsonl"));
  }

  EmbeddingReader open(BulkTarget target) throws IOException {
    int expected = dimension > 0 ? dimension : target.dimension();
    Optional<EmbeddingFormat> model = modelFormat();
    if (model.isPresent()) {
      return model.get().open(source(expected));
    }
    return switch (format()) {
      case JSON_LINES -> {
        if (ids != null) {
          throw new IllegalArgumentException("--ids is for fvecs; JSON lines hold their ids");
        }
        String vector = vectorField != null ? vectorField : target.field();
        yield new JsonLinesReader(file, idField != null ? idField : "id", vector, expected);
      }
      case FVECS ->
          ids == null ? FvecsReader.open(file, expected) : FvecsReader.open(file, ids, expected);
    };
  }

  private EmbeddingSource source(int expected) {
    return new EmbeddingSource(
        file,
        Optional.ofNullable(ids),
        idField != null ? idField : "",
        vectorField != null ? vectorField : "",
        expected);
  }

  /** Parquet, or a folder of a model: as named by {@code --format}, or as the content tells. */
  private Optional<EmbeddingFormat> modelFormat() throws IOException {
    for (EmbeddingFormat each :
        ModelFormats.all(Optional.ofNullable(side).map(AlsSide::of), List.of())) {
      if (format != null ? each.label().equals(format) : each.recognizes(file)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  private FileFormat format() throws IOException {
    if (format == null) {
      return FileFormat.detect(file);
    }
    for (FileFormat each : FileFormat.values()) {
      if (each.label().equals(format)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "--format is jsonl, fvecs, parquet, spark-als, spark-word2vec or mlflow, not " + format);
  }
}
