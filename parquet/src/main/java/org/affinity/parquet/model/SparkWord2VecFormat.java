/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet.model;

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
 * A folder written by Spark's {@code Word2VecModel}: {@code data} with {@code word: string, vector:
 * array<float>}. A word is a document's id.
 */
public final class SparkWord2VecFormat implements EmbeddingFormat {
  private static final String CLASS = "org.apache.spark.ml.feature.Word2VecModel";
  private static final String DATA = "data";

  private final ParquetFormat parquet = new ParquetFormat();

  @Override
  public String label() {
    return "spark-word2vec";
  }

  @Override
  public boolean recognizes(Path path) throws IOException {
    return SparkMetadata.find(path).filter(metadata -> metadata.isOf(CLASS)).isPresent();
  }

  @Override
  public EmbeddingReader open(EmbeddingSource source) throws IOException {
    SparkMetadata metadata = SparkMetadata.read(source.path(), CLASS);
    int size = metadata.json().path("paramMap").path("vectorSize").asInt(source.dimension());
    if (source.dimension() > 0 && source.dimension() != size) {
      throw new IOException(
          "%s was trained with vectorSize %d, but dimension %d is asked for"
              .formatted(source.path(), size, source.dimension()));
    }
    return parquet.open(
        new EmbeddingSource(source.path().resolve(DATA), source.ids(), "word", "vector", size));
  }

  @Override
  public List<Path> files(EmbeddingSource source) throws IOException {
    List<Path> files = new ArrayList<>();
    files.add(SparkMetadata.read(source.path(), CLASS).file());
    Path data = source.path().resolve(DATA);
    files.addAll(
        parquet.files(new EmbeddingSource(data, Optional.empty(), "", "", source.dimension())));
    return files;
  }
}
