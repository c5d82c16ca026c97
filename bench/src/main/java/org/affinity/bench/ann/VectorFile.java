/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Files of vectors: .fvecs, .bvecs and .ivecs, or the same with .gz; and plain float32 rows. */
final class VectorFile {

  private static final int BUFFER = 1 << 16;
  private static final int MAXIMUM_DIMENSION = 1 << 16;

  private VectorFile() {}

  /** Decodes a file into plain rows, unless that was done before, and maps them. */
  static Vectors open(Path source, Path plain) throws IOException {
    int dimension = dimension(source);
    if (Files.notExists(plain)) {
      write(
          plain,
          out -> {
            ByteBuffer row = ByteBuffer.allocate(dimension * Float.BYTES);
            row.order(ByteOrder.LITTLE_ENDIAN);
            boolean bytes = isBytes(source);
            read(
                source,
                (values, count) -> {
                  if (count != dimension) {
                    throw new IOException(
                        source + ": rows of " + dimension + " and of " + count + " values");
                  }
                  row.clear();
                  for (int d = 0; d < dimension; d++) {
                    row.putFloat(bytes ? values.get() & 0xFF : values.getFloat());
                  }
                  out.write(row.array());
                });
          });
    }
    return Vectors.map(plain, dimension);
  }

  /** Rows of an .ivecs file. */
  static List<int[]> integers(Path source) throws IOException {
    List<int[]> rows = new ArrayList<>();
    read(
        source,
        (values, count) -> {
          int[] row = new int[count];
          values.asIntBuffer().get(row);
          rows.add(row);
        });
    return rows;
  }

  /** Writes a file that is there as a whole or not at all. */
  static void write(Path file, Body body) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), BUFFER)) {
      body.write(out);
    }
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** What a file holds. */
  @FunctionalInterface
  interface Body {
    void write(OutputStream out) throws IOException;
  }

  @FunctionalInterface
  private interface Row {
    void accept(ByteBuffer values, int count) throws IOException;
  }

  private static boolean isBytes(Path source) {
    return source.toString().contains(".bvecs");
  }

  private static int dimension(Path source) throws IOException {
    try (DataInputStream in = new DataInputStream(stream(source))) {
      return checked(source, 0, Integer.reverseBytes(in.readInt()));
    } catch (EOFException e) {
      throw new IOException(source + " is empty", e);
    }
  }

  private static int checked(Path source, long row, int dimension) throws IOException {
    if (dimension < 1 || dimension > MAXIMUM_DIMENSION) {
      throw new IOException(source + ", row " + row + ": a row of " + dimension + " values");
    }
    return dimension;
  }

  private static void read(Path source, Row consumer) throws IOException {
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
