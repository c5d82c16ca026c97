/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.affinity.ingest.EmbeddingFormat;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.format.NamesGiven;

/**
 * Parquet: a file, or a folder of part files with the same columns, read in the order of their
 * names. Rows are numbered from 1 through all parts.
 *
 * <p>The id column holds text, bytes that are UTF-8, or whole numbers; the vector column lists of
 * float, double (rounded to float) or float16, in three levels, two, or bare repeated, or dense
 * Spark vectors. Columns are found if only one can be meant. Other columns of single values, or of
 * lists of them, become fields; columns of anything else are refused. A null id, a null vector, a
 * null in a vector and a sparse vector cost their row.
 *
 * <p>Memory: one page for each column, and the dictionaries of a row group; a page over a sixteenth
 * of the heap (16 to 256 MiB) is refused.
 */
public final class ParquetFormat implements EmbeddingFormat {
  private final NamesGiven given;

  /** Takes the columns that a source names, or where a name is empty the one that can be meant. */
  public ParquetFormat() {
    this(new NamesGiven(true, true));
  }

  /** Takes the columns that were chosen, or those that can only be meant. */
  public ParquetFormat(NamesGiven given) {
    this.given = given;
  }

  @Override
  public String label() {
    return "parquet";
  }

  @Override
  public boolean recognizes(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return Files.isRegularFile(path) && ParquetFile.hasMagic(path);
    }
    try {
      for (Path part : PartFiles.of(path)) {
        if (!ParquetFile.hasMagic(part)) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false; // empty, or a folder of folders
    }
  }

  @Override
  public EmbeddingReader open(EmbeddingSource source) throws IOException {
    if (source.ids().isPresent()) {
      throw new IOException("an id list is of no use with Parquet, which holds its ids");
    }
    return new ParquetEmbeddingReader(
        PartFiles.of(source.path()),
        new ParquetEmbeddingReader.RowNames(
            given.idField() ? source.idField() : "",
            given.vectorField() ? source.vectorField() : ""),
        source.dimension());
  }

  @Override
  public List<Path> files(EmbeddingSource source) throws IOException {
    return PartFiles.of(source.path());
  }
}
