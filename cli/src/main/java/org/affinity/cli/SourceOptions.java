/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.affinity.ingest.EmbeddingFormat;
import org.affinity.ingest.EmbeddingFormats;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.format.CsvFormat;
import org.affinity.ingest.format.CsvOptions;
import org.affinity.ingest.format.NamesGiven;
import org.affinity.ingest.format.NpzFormat;
import org.affinity.ingest.format.SafetensorsFormat;
import org.affinity.parquet.model.AlsSide;
import org.affinity.parquet.model.MlflowFormat;
import org.affinity.parquet.model.ModelFormats;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a command is told about the embeddings it reads. */
final class SourceOptions {
  /** Forms that have no names of fields, columns or arrays. */
  private static final Set<String> WITHOUT_NAMES =
      Set.of("word2vec", "word2vec-binary", "dl4j", "spark-als", "spark-word2vec");

  /** Forms with nothing but vectors; an id list may have names. */
  private static final Set<String> BARE = Set.of("fvecs", "bvecs", "npy");

  @Parameters(
      paramLabel = "FILE",
      description = "The embeddings, packed (gzip, zstd) or not; or a folder.")
  private Path file;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description =
          "jsonl, csv, word2vec, word2vec-binary, npy, npz, fvecs, bvecs, safetensors, dl4j,"
              + " parquet, spark-als, spark-word2vec or mlflow (default: told by the content).")
  private String format;

  @Option(
      names = "--ids",
      paramLabel = "FILE",
      description =
          "npy, npz, safetensors, fvecs, bvecs, csv: the ids, one per line, as a table with a"
              + " header and tabs, or as .npy (default: row numbers from 1; csv: a column).")
  private Path ids;

  @Option(
      names = "--id-field",
      paramLabel = "NAME",
      description = "The field, column or array with the id (default: id).")
  private String idField;

  @Option(
      names = "--vector-field",
      paramLabel = "NAME",
      description = "The field, column or array with the vector (default: as --field).")
  private String vectorField;

  @Option(
      names = "--side",
      paramLabel = "item|user",
      description = "spark-als: which factors to load.")
  private String side;

  @Option(
      names = "--vector-columns",
      paramLabel = "A..B",
      description = "csv: the columns of a vector, by name or number from 1, as in 2..65.")
  private String vectorColumns;

  @Option(
      names = "--delimiter",
      paramLabel = "C",
      description = "csv: what stands between columns (default: told by the first line).")
  private String delimiter;

  @Option(
      names = "--column-names",
      negatable = true,
      description = "csv: the first line has names, or has none (default: told by it).")
  private Boolean columnNames;

  @Option(
      names = "--dimension",
      paramLabel = "N",
      description = "Reject vectors of another dimension (default: as the mapping says).")
  private int dimension;

  Path file() {
    return file;
  }

  /** Fails early, before any server is asked, where a file is not there or of no known format. */
  void check() throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (ids != null && !Files.isRegularFile(ids)) {
      throw new NoSuchFileException(ids.toString());
    }
    EmbeddingFormat chosen = format();
    checkOptions(chosen instanceof MlflowFormat folder ? folder.inside(file) : chosen);
  }

  private void checkOptions(EmbeddingFormat chosen) {
    String label = chosen.label();
    if (!label.equals("spark-als")) {
      refuse(label, "--side", side);
    }
    if (!label.equals("csv")) {
      refuse(label, "--vector-columns", vectorColumns);
      refuse(label, "--delimiter", delimiter);
      refuse(label, "--column-names", columnNames);
    }
    if (WITHOUT_NAMES.contains(label) || (BARE.contains(label) && ids == null)) {
      refuse(label, "--id-field", idField);
    }
    if (WITHOUT_NAMES.contains(label) || BARE.contains(label)) {
      refuse(label, "--vector-field", vectorField);
    }
  }

  private static void refuse(String label, String option, Object value) {
    if (value != null) {
      throw new IllegalArgumentException(
          option + " says nothing about " + label + ", which has no such thing");
    }
  }

  /** The files whose identity a resumed load must find again. */
  List<Path> files() throws IOException {
    return format().files(source("", 0));
  }

  /**
   * Opens the source.
   *
   * @param vector the name of the vector where none was chosen
   * @param expected the dimension where none was chosen, or 0
   */
  EmbeddingReader open(String vector, int expected) throws IOException {
    return format().open(source(vector, expected));
  }

  private EmbeddingSource source(String vector, int expected) {
    return new EmbeddingSource(
        file,
        Optional.ofNullable(ids),
        idField != null ? idField : "id",
        vectorField != null ? vectorField : vector,
        dimension != 0 ? dimension : expected);
  }

  /** What the source says about where it comes from, by name; often nothing. */
  Map<String, String> origin() throws IOException {
    return format() instanceof MlflowFormat folder ? folder.metadata(file) : Map.of();
  }

  private EmbeddingFormat format() throws IOException {
    NamesGiven given = new NamesGiven(idField != null, vectorField != null);
    CsvOptions csv =
        new CsvOptions(
            Optional.ofNullable(delimiter).map(SourceOptions::character),
            Optional.ofNullable(columnNames),
            Optional.ofNullable(vectorColumns),
            given);
    EmbeddingFormats files =
        EmbeddingFormats.standard()
            .with(new NpzFormat(given), new SafetensorsFormat(given), new CsvFormat(csv));
    EmbeddingFormats formats =
        files.after(
            ModelFormats.all(given, Optional.ofNullable(side).map(AlsSide::of), files.all()));
    return format == null ? formats.detect(file) : formats.find(format);
  }

  private static char character(String text) {
    String character = text.equals("\\t") || text.equals("tab") ? "\t" : text;
    if (character.length() != 1) {
      throw new IllegalArgumentException("--delimiter is one character or tab, not " + text);
    }
    return character.charAt(0);
  }
}
