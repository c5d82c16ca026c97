/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.report;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Reads .fvecs, .bvecs and .ivecs, or the same with .gz: rows of an int32 dimension and as many
 * float32, unsigned bytes or int32, all little-endian.
 */
public final class VecsFile {

  private static final int BUFFER = 1 << 16;
  private static final int MAXIMUM_DIMENSION = 1 << 16;

  private VecsFile() {}

  /** Takes rows. */
  @FunctionalInterface
  public interface Row {
    /** A row, in an array that is used again. */
    void accept(float[] vector) throws IOException;
  }

  @FunctionalInterface
  private interface Values {
    void accept(ByteBuffer values, int count) throws IOException;
  }

  /** All rows of a file of floats or bytes. */
  public static List<float[]> vectors(Path source) throws IOException {
    List<float[]> rows = new ArrayList<>();
    read(source, vector -> rows.add(vector.clone()));
    return rows;
  }

  /** All rows of an .ivecs file. */
  public static List<int[]> integers(Path source) throws IOException {
    List<int[]> rows = new ArrayList<>();
    values(
        source,
        (values, count) -> {
          int[] row = new int[count];
          values.asIntBuffer().get(row);
          rows.add(row);
        });
    return rows;
  }

  /** One row after the other of a file of floats or bytes. */
  public static void read(Path source, Row consumer) throws IOException {
    boolean bytes = isBytes(source);
    float[][] row = {new float[0]};
    values(
        source,
        (values, count) -> {
          float[] vector = row[0].length == count ? row[0] : new float[count];
          row[0] = vector;
          for (int d = 0; d < count; d++) {
            vector[d] = bytes ? values.get() & 0xFF : values.getFloat();
          }
          consumer.accept(vector);
        });
  }

  /** The dimension of the first row. */
  public static int dimension(Path source) throws IOException {
    try (DataInputStream in = new DataInputStream(stream(source))) {
      return checked(source, 0, Integer.reverseBytes(in.readInt()));
    } catch (EOFException e) {
      throw new IOException(source + " is empty", e);
    }
  }

  private static boolean isBytes(Path source) {
    return source.toString().contains(".bvecs");
  }

  private static int checked(Path source, long row, int dimension) throws IOException {
    if (dimension < 1 || dimension > MAXIMUM_DIMENSION) {
      throw new IOException(source + ", row " + row + ": a row of " + dimension + " values");
    }
    return dimension;
  }

  private static void values(Path source, Values consumer) throws IOException {
    int width = isBytes(source) ? 1 : Float.BYTES;
    byte[] bytes = new byte[0];
    try (DataInputStream in = new DataInputStream(stream(source))) {
      for (long row = 0; ; row++) {
        int dimension;
        try {
          dimension = Integer.reverseBytes(in.readInt());
        } catch (EOFException e) {
          return;
        }
        int length = width * checked(source, row, dimension);
        bytes = bytes.length == length ? bytes : new byte[length];
        in.readFully(bytes);
        consumer.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), dimension);
      }
    } catch (EOFException e) {
      throw new IOException(source + " ends in the middle of a row", e);
    }
  }

  private static InputStream stream(Path source) throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(source), BUFFER);
    return source.toString().endsWith(".gz")
        ? new BufferedInputStream(new GZIPInputStream(raw, BUFFER), BUFFER)
        : raw;
  }
}
