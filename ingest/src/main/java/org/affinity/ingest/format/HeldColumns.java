/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.affinity.ingest.LoadException;

/**
 * The rows of a matrix whose columns follow each other in a packed file or an archive, where there
 * is no going to and fro: held in memory, and refused above a limit.
 */
final class HeldColumns implements VectorRows {
  static final int LARGEST = 64 << 20;

  private final SourceFile source;
  private final Matrix matrix;
  private final ByteBuffer columns;
  private int number;

  /** Reads all of a matrix from where a stream is; closes the file with itself. */
  HeldColumns(SourceFile source, InputStream in, Matrix matrix) throws IOException {
    if (matrix.bytes() > LARGEST) {
      throw new LoadException(
          ("%s holds %,d MiB column by column (Fortran order), packed; that is read up to %d MiB. "
                  + "Unpack it, or export it with numpy.save(f, numpy.ascontiguousarray(a))")
              .formatted(source.path(), matrix.bytes() >> 20, LARGEST >> 20));
    }
    byte[] bytes = in.readNBytes((int) matrix.bytes());
    if (bytes.length < matrix.bytes()) {
      throw new EOFException(
          "%s is cut short; its header promises %,d rows".formatted(source.path(), matrix.rows()));
    }
    this.source = source;
    this.matrix = matrix;
    this.columns = ByteBuffer.wrap(bytes).order(matrix.element().order());
  }

  @Override
  public Optional<float[]> next() {
    if (number == matrix.rows()) {
      return Optional.empty();
    }
    float[] vector = new float[matrix.columns()];
    for (int c = 0; c < vector.length; c++) {
      columns.position((c * (int) matrix.rows() + number) * matrix.element().bytes());
      vector[c] = matrix.element().next(columns);
    }
    number++;
    return Optional.of(vector);
  }

  @Override
  public long position() {
    return source.position();
  }

  @Override
  public long length() {
    return source.length();
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
