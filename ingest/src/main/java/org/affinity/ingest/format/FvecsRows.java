/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import org.affinity.ingest.VectorBytes;

/** Rows of an int32 dimension and that many elements, all little-endian. */
final class FvecsRows implements VectorRows {
  /** What a row holds after its dimension. */
  enum Element {
    /** {@code .fvecs}. */
    FLOAT32(Float.BYTES),
    /** {@code .bvecs}: bytes without sign. */
    UINT8(1);

    private final int bytes;

    Element(int bytes) {
      this.bytes = bytes;
    }

    int bytes() {
      return bytes;
    }

    private float[] decode(byte[] row) {
      if (this == FLOAT32) {
        return VectorBytes.decode(row);
      }
      float[] vector = new float[row.length];
      for (int i = 0; i < row.length; i++) {
        vector[i] = row[i] & 0xff;
      }
      return vector;
    }
  }

  private final SourceFile source;
  private final Element element;
  private long number;

  FvecsRows(SourceFile source, Element element) {
    this.source = source;
    this.element = element;
  }

  @Override
  public Optional<float[]> next() throws IOException {
    try {
      int dimension = readDimension(source.content());
      if (dimension < 0) {
        return Optional.empty();
      }
      int size = dimension * element.bytes();
      byte[] bytes = source.content().readNBytes(size);
      if (bytes.length < size) {
        throw new EOFException();
      }
      number++;
      return Optional.of(element.decode(bytes));
    } catch (IOException e) {
      throw broken(source.path(), number + 1, e);
    }
  }

  /** The dimension that starts a row, or -1 at the end of the file. */
  private static int readDimension(InputStream in) throws IOException {
    byte[] head = in.readNBytes(Integer.BYTES);
    if (head.length == 0) {
      return -1;
    }
    if (head.length < Integer.BYTES) {
      throw new EOFException();
    }
    int dimension = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (dimension < 1 || dimension > Shape.LARGEST_DIMENSION) {
      throw new IOException("this is no fvecs file: a row claims dimension " + dimension);
    }
    return dimension;
  }

  /** Reads a file to count its rows. */
  static long count(Path file, Element element) throws IOException {
    long rows = 0;
    try (SourceFile source = SourceFile.open(file)) {
      InputStream in = source.content();
      for (int d = readDimension(in); d >= 0; d = readDimension(in)) {
        in.skipNBytes((long) d * element.bytes());
        rows++;
      }
      return rows;
    } catch (IOException e) {
      throw broken(file, rows + 1, e);
    }
  }

  private static IOException broken(Path file, long row, IOException e) {
    String why = e instanceof EOFException ? "the file ends within the row" : e.getMessage();
    return new IOException("%s, row %,d: %s".formatted(file, row, why), e);
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
