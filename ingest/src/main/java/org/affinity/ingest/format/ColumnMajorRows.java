/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The rows of a matrix whose columns follow each other in a file (Fortran order). A block of rows
 * is gathered with one read per column, so that memory stays at a block, whatever the file's size.
 */
final class ColumnMajorRows implements VectorRows {
  private static final int BLOCK_BYTES = 8 << 20;

  private final Path path;
  private final FileChannel channel;
  private final long start;
  private final Matrix matrix;
  private final int blockRows;
  private final ByteBuffer block;
  private long number;
  private long blockStart;
  private int inBlock;

  private ColumnMajorRows(Path path, FileChannel channel, long start, Matrix matrix) {
    this.path = path;
    this.channel = channel;
    this.start = start;
    this.matrix = matrix;
    this.blockRows = (int) Math.min(matrix.rows(), Math.max(1, BLOCK_BYTES / matrix.rowBytes()));
    this.block = ByteBuffer.allocate(blockRows * matrix.rowBytes()).order(matrix.element().order());
  }

  /** Opens a matrix that starts at an offset of a file; refuses a file too short for it. */
  static ColumnMajorRows open(Path path, long start, Matrix matrix) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      if (channel.size() - start < matrix.bytes()) {
        throw new EOFException(
            "%s is cut short; its header promises %,d rows".formatted(path, matrix.rows()));
      }
      return new ColumnMajorRows(path, channel, start, matrix);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public Optional<float[]> next() throws IOException {
    if (number == matrix.rows()) {
      return Optional.empty();
    }
    if (number == blockStart + inBlock) {
      readBlock();
    }
    float[] vector = new float[matrix.columns()];
    int element = matrix.element().bytes();
    for (int c = 0; c < vector.length; c++) {
      block.position((c * inBlock + (int) (number - blockStart)) * element);
      vector[c] = matrix.element().next(block);
    }
    number++;
    return Optional.of(vector);
  }

  private void readBlock() throws IOException {
    blockStart = number;
    inBlock = (int) Math.min(blockRows, matrix.rows() - number);
    int element = matrix.element().bytes();
    block.limit(block.capacity());
    for (int c = 0; c < matrix.columns(); c++) {
      block.limit((c + 1) * inBlock * element).position(c * inBlock * element);
      long at = start + (c * matrix.rows() + number) * element;
      while (block.hasRemaining()) {
        int n = channel.read(block, at);
        if (n < 0) {
          throw new EOFException("%s became shorter while it was read".formatted(path));
        }
        at += n;
      }
    }
  }

  @Override
  public long position() {
    return start + number * matrix.rowBytes();
  }

  @Override
  public long length() {
    return start + matrix.bytes();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
