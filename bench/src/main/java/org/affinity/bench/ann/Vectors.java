/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Rows of little-endian float32 in a mapped file, so that heap says nothing of their number. */
public final class Vectors {

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment data;
  private final int dimension;
  private final int rows;
  private final int size;

  private Vectors(MemorySegment data, int dimension, int size) {
    this.data = data;
    this.dimension = dimension;
    this.rows = Math.toIntExact(data.byteSize() / ((long) Float.BYTES * dimension));
    this.size = size < 0 ? rows : Math.min(rows, size);
  }

  /** Maps a file of rows of this dimension. */
  static Vectors map(Path file, int dimension) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long length = channel.size();
      if (length == 0 || length % ((long) Float.BYTES * dimension) != 0) {
        throw new IOException(file + " holds no whole rows of " + dimension + " floats");
      }
      return new Vectors(
          channel.map(FileChannel.MapMode.READ_ONLY, 0, length, Arena.ofAuto()), dimension, -1);
    }
  }

  /** Rows. */
  public int size() {
    return size;
  }

  /** Numbers in a row. */
  public int dimension() {
    return dimension;
  }

  /** The first rows, at most so many. */
  public Vectors first(int count) {
    return new Vectors(
        data.asSlice(0, Math.min(rows, count) * (long) dimension * Float.BYTES), dimension, -1);
  }

  /**
   * At most so many rows, evenly spread over the file: which ones follows from their number alone.
   */
  Vectors spread(int count) {
    return new Vectors(data, dimension, count);
  }

  /** Where a row stands in the file. */
  int place(int row) {
    return (int) ((long) row * rows / size);
  }

  /** A copy of a row. */
  public float[] get(int row) {
    float[] vector = new float[dimension];
    copy(row, vector);
    return vector;
  }

  /** Copies a row. */
  public void copy(int row, float[] into) {
    MemorySegment.copy(
        data, FLOAT, (long) place(row) * dimension * Float.BYTES, into, 0, dimension);
  }
}
