/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.Row;

/**
 * The {@code .fvecs} form of vector search benchmarks: rows of an int32 dimension and that many
 * float32, all little-endian; and {@code .bvecs}, with bytes instead.
 *
 * <p>Ids come from a second file, row r for row r; without it a row's id is its number, from 1.
 * Because one line too many or too few gives every later vector to the wrong id, both files are
 * counted before the first row is handed out, and a difference is an error.
 */
public final class FvecsReader implements EmbeddingReader {
  private final PairedReader rows;

  private FvecsReader(PairedReader rows) {
    this.rows = rows;
  }

  /**
   * Opens a file whose rows are named by their numbers, from 1.
   *
   * @param file the vectors, packed or not
   * @param dimension what every vector must have, or 0: what the first has
   * @return a reader before its first row
   * @throws IOException if it cannot be opened
   */
  public static FvecsReader open(Path file, int dimension) throws IOException {
    return open(
        new EmbeddingSource(file, Optional.empty(), "id", "vector", dimension),
        FvecsRows.Element.FLOAT32);
  }

  /**
   * Opens a file with an id list.
   *
   * @param file the vectors, packed or not
   * @param idFile the ids, one per line, packed or not
   * @param dimension what every vector must have, or 0: what the first has
   * @return a reader before its first row
   * @throws IOException if a file cannot be read, or if the two have different numbers of rows
   */
  public static FvecsReader open(Path file, Path idFile, int dimension) throws IOException {
    return open(
        new EmbeddingSource(file, Optional.of(idFile), "id", "vector", dimension),
        FvecsRows.Element.FLOAT32);
  }

  static FvecsReader open(EmbeddingSource source, FvecsRows.Element element) throws IOException {
    RowNames names = RowNames.open(source, () -> FvecsRows.count(source.path(), element));
    try {
      VectorRows vectors = new FvecsRows(SourceFile.open(source.path()), element);
      return new FvecsReader(new PairedReader(vectors, names, source.dimension()));
    } catch (IOException e) {
      names.close();
      throw e;
    }
  }

  @Override
  public Optional<Row> next() throws IOException {
    return rows.next();
  }

  @Override
  public long position() {
    return rows.position();
  }

  @Override
  public long length() {
    return rows.length();
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
