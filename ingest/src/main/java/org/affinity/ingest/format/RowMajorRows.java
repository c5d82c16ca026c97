/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The rows of a matrix that follow each other, streamed. */
final class RowMajorRows implements VectorRows {
  private final SourceFile source;
  private final InputStream in;
  private final Matrix matrix;
  private long number;

  /**
   * Reads the matrix from where a stream is.
   *
   * @param source the file, for progress and messages; closed with this
   * @param in its numbers
   */
  RowMajorRows(SourceFile source, InputStream in, Matrix matrix) {
    this.source = source;
    this.in = in;
    this.matrix = matrix;
  }

  @Override
  public Optional<float[]> next() throws IOException {
    if (number == matrix.rows()) {
      return Optional.empty();
    }
    try {
      byte[] row = in.readNBytes(matrix.rowBytes());
      if (row.length < matrix.rowBytes()) {
        throw new EOFException();
      }
      number++;
      return Optional.of(matrix.element().decode(row));
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private IOException broken(IOException e) {
    String why =
        e instanceof EOFException
            ? "the file is cut short; its header promises %,d rows".formatted(matrix.rows())
            : e.getMessage();
    return new IOException("%s, row %,d: %s".formatted(source.path(), number + 1, why), e);
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
