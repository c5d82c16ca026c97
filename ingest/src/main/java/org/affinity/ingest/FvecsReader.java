/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code .fvecs} form of vector search benchmarks: rows of an int32 dimension and that many
 * float32, all little-endian.
 *
 * <p>Ids come from a second file, one per line, line r for row r; without it a row's id is its
 * number, from 1. Because one line too many or too few gives every later vector to the wrong id,
 * both files are counted before the first row is handed out, and a difference is an error.
 */
public final class FvecsReader implements EmbeddingReader {
  static final int LARGEST_DIMENSION = 1 << 16;
  private static final int LONGEST_ID_LINE = 1 << 16;

  private final SourceFile source;
  private final SourceFile idSource;
  private final ByteLines ids;
  private final RowCheck check;
  private long number;

  private FvecsReader(SourceFile source, SourceFile idSource, int dimension) {
    this.source = source;
    this.idSource = idSource;
    this.ids = idSource == null ? null : new ByteLines(idSource.content(), LONGEST_ID_LINE);
    this.check = new RowCheck(dimension);
  }

  /**
   * Opens a file whose rows are named by their numbers, from 1.
   *
   * @param file the vectors, gzipped or not
   * @param dimension what every vector must have, or 0: what the first has
   * @return a reader before its first row
   * @throws IOException if it cannot be opened
   */
  public static FvecsReader open(Path file, int dimension) throws IOException {
    return new FvecsReader(SourceFile.open(file), null, dimension);
  }

  /**
   * Opens a file with an id list.
   *
   * @param file the vectors, gzipped or not
   * @param idFile the ids, one per line, gzipped or not
   * @param dimension what every vector must have, or 0: what the first has
   * @return a reader before its first row
   * @throws IOException if a file cannot be read, or if the two have different numbers of rows
   */
  public static FvecsReader open(Path file, Path idFile, int dimension) throws IOException {
    long vectors = countVectors(file);
    long names = countLines(idFile);
    if (vectors != names) {
      throw new IOException(
          "%s has %,d vectors but %s has %,d ids; nothing was loaded"
              .formatted(file.getFileName(), vectors, idFile.getFileName(), names));
    }
    SourceFile source = SourceFile.open(file);
    try {
      return new FvecsReader(source, SourceFile.open(idFile), dimension);
    } catch (IOException e) {
      source.close();
      throw e;
    }
  }

  @Override
  public Optional<Row> next() throws IOException {
    float[] vector = readVector();
    if (vector == null) {
      return Optional.empty();
    }
    number++;
    return Optional.of(check.check(number, nextId(), vector, Map.of()));
  }

  private float[] readVector() throws IOException {
    try {
      int dimension = readDimension(source.content());
      if (dimension < 0) {
        return null;
      }
      byte[] bytes = source.content().readNBytes(dimension * Float.BYTES);
      if (bytes.length < dimension * Float.BYTES) {
        throw new EOFException("the file ends within the row");
      }
      return VectorBytes.decode(bytes);
    } catch (IOException e) {
      throw broken(source.path(), number + 1, e);
    }
  }

  private String nextId() throws IOException {
    if (ids == null) {
      return Long.toString(number);
    }
    if (!ids.advance()) {
      throw new IOException(
          "%s ends at row %,d, and %s has more vectors than that"
              .formatted(idSource.path(), number - 1, source.path()));
    }
    return new String(ids.bytes(), 0, ids.length(), StandardCharsets.UTF_8).strip();
  }

  /** The dimension that starts a row, or -1 at the end of the file. */
  private static int readDimension(InputStream in) throws IOException {
    byte[] head = in.readNBytes(Integer.BYTES);
    if (head.length == 0) {
      return -1;
    }
    if (head.length < Integer.BYTES) {
      throw new EOFException("the file ends within the row");
    }
    int dimension = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (dimension < 1 || dimension > LARGEST_DIMENSION) {
      throw new IOException("this is no fvecs file: a row claims dimension " + dimension);
    }
    return dimension;
  }

  private static long countVectors(Path file) throws IOException {
    long rows = 0;
    try (SourceFile source = SourceFile.open(file)) {
      InputStream in = source.content();
      for (int d = readDimension(in); d >= 0; d = readDimension(in)) {
        in.skipNBytes((long) d * Float.BYTES);
        rows++;
      }
      return rows;
    } catch (IOException e) {
      throw broken(file, rows + 1, e);
    }
  }

  private static IOException broken(Path file, long row, IOException e) {
    String why = e.getMessage() == null ? "the file ends within the row" : e.getMessage();
    return new IOException("%s, row %,d: %s".formatted(file, row, why), e);
  }

  private static long countLines(Path file) throws IOException {
    try (SourceFile source = SourceFile.open(file)) {
      ByteLines lines = new ByteLines(source.content(), LONGEST_ID_LINE);
      long count = 0;
      while (lines.advance()) {
        count++;
      }
      return count;
    }
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
    try {
      source.close();
    } finally {
      if (idSource != null) {
        idSource.close();
      }
    }
  }
}
