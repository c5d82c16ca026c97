/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.IOException;
import java.nio.file.Path;
import org.affinity.ingest.EmbeddingFormat;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.LoadException;

/**
 * A NumPy array of rows and columns: f2, f4 or f8, in either order of bytes and of axes. Ids come
 * from a list; without it a row's id is its number, from 1.
 */
public final class NpyFormat implements EmbeddingFormat {
  @Override
  public String label() {
    return "npy";
  }

  @Override
  public boolean recognizes(Path path) throws IOException {
    return Sample.of(path).startsWith(NpyHeader.MAGIC);
  }

  @Override
  public EmbeddingReader open(EmbeddingSource source) throws IOException {
    Path path = source.path();
    SourceFile file = SourceFile.open(path);
    try {
      NpyHeader header = NpyHeader.read(file.content());
      Matrix matrix = header.matrix();
      if (!file.isPacked() && file.length() - header.bytes() < matrix.bytes()) {
        throw new IOException(
            "it is cut short: its header promises %,d rows of dimension %,d, which are %,d bytes, and there are %,d"
                .formatted(
                    matrix.rows(),
                    matrix.columns(),
                    matrix.bytes(),
                    file.length() - header.bytes()));
      }
      RowNames names = RowNames.open(source, matrix::rows);
      try {
        return new PairedReader(rows(file, header, matrix), names, source.dimension());
      } catch (IOException e) {
        names.close();
        throw e;
      }
    } catch (LoadException e) {
      file.close();
      throw e;
    } catch (IOException e) {
      file.close();
      throw new LoadException(path + ": " + e.getMessage(), e);
    }
  }

  private static VectorRows rows(SourceFile file, NpyHeader header, Matrix matrix)
      throws IOException {
    if (!matrix.columnMajor()) {
      return new RowMajorRows(file, file.content(), matrix);
    }
    if (file.isPacked()) {
      return new HeldColumns(file, file.content(), matrix);
    }
    file.close();
    return ColumnMajorRows.open(file.path(), header.bytes(), matrix);
  }
}
