/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.affinity.ingest.EmbeddingFormat;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.parquet.ParquetFormat;

/**
 * A folder written by Spark's {@code ALSModel}: {@code userFactors} and {@code itemFactors} with
 * {@code id: int, features: array<float>}, and the rank in {@code metadata}. The rank must be the
 * dimension that is asked for; a vector of another length costs its row. Ids are the whole numbers
 * that ALS was trained with, as text.
 */
public final class SparkAlsFormat implements EmbeddingFormat {
  private static final String CLASS = "org.apache.spark.ml.recommendation.ALSModel";

  private final ParquetFormat parquet = new ParquetFormat();
  private final Optional<AlsSide> side;

  /** Reads one side; without one, {@link #open} is an error that asks for it. */
  public SparkAlsFormat(Optional<AlsSide> side) {
    this.side = side;
  }

  @Override
  public String label() {
    return "spark-als";
  }

  @Override
  public boolean recognizes(Path path) throws IOException {
    return SparkMetadata.find(path).filter(metadata -> metadata.isOf(CLASS)).isPresent();
  }

  @Override
  public EmbeddingReader open(EmbeddingSource source) throws IOException {
    SparkMetadata metadata = SparkMetadata.read(source.path(), CLASS);
    JsonNode rank = metadata.json().path("rank");
    if (!rank.isInt() || rank.intValue() < 1) {
      throw new IOException(metadata.file() + " has no rank");
    }
    if (source.dimension() > 0 && source.dimension() != rank.intValue()) {
      throw new IOException(
          "%s was trained with rank %d, but dimension %d is asked for"
              .formatted(source.path(), rank.intValue(), source.dimension()));
    }
    return parquet.open(
        new EmbeddingSource(
            factors(source.path()), source.ids(), "id", "features", rank.intValue()));
  }

  private Path factors(Path model) throws IOException {
    return model.resolve(
        side.orElseThrow(
                () ->
                    new IOException(
                        model
                            + " holds factors of users and of items; say which: --side item or --side user"))
            .folder());
  }

  @Override
  public List<Path> files(EmbeddingSource source) throws IOException {
    List<Path> files = new ArrayList<>();
    files.add(SparkMetadata.read(source.path(), CLASS).file());
    Path factors = factors(source.path());
    files.addAll(
        parquet.files(new EmbeddingSource(factors, Optional.empty(), "", "", source.dimension())));
    return files;
  }
}
