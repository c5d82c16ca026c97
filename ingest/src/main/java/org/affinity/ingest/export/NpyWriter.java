/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.export;

import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.affinity.ingest.EmbeddingWriter;
import org.affinity.ingest.LoadException;

/**
 * NumPy's format, version 1.0: a matrix of little-endian float32, a row for each vector, and beside
 * it a file with one id per line. The number of rows stands in a header of fixed length, which is
 * written again at the end.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">The
 *     format</a>
 */
public final class NpyWriter implements EmbeddingWriter {
  private static final int HEADER = 128;

  private final FileChannel channel;
  private final OutputStream out;
  private final BufferedWriter ids;
  private final int dimension;
  private final ByteBuffer row;
  private long rows;

  /** Writes vectors of a dimension to one file, and ids to another. */
  public NpyWriter(Path vectors, Path idLines, int dimension) throws IOException {
    this.dimension = dimension;
    this.row =
        ByteBuffer.allocate(Math.multiplyExact(dimension, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    this.ids = Files.newBufferedWriter(idLines, StandardCharsets.UTF_8);
    try {
      this.channel =
          FileChannel.open(
              vectors,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
      this.out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      out.write(header());
    } catch (IOException e) {
      ids.close();
      throw e;
    }
  }

  private byte[] header() {
    String dictionary =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + rows + ", " + dimension + "), }";
    int length = HEADER - 10;
    return ByteBuffer.allocate(HEADER)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0x93)
        .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) length)
        .put(
            (dictionary + " ".repeat(length - 1 - dictionary.length()) + "\n")
                .getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  @Override
  public void write(String id, float[] vector) throws IOException {
    if (id.indexOf('\n') >= 0 || id.indexOf('\r') >= 0) {
      throw new LoadException(
          "a file of ids cannot hold an id with a line break in it: '"
              + id.replaceAll("[\r\n]", "⏎")
              + "'; export as jsonl");
    }
    if (vector.length != dimension) {
      throw new LoadException(
          "'%s' has dimension %d instead of %d".formatted(id, vector.length, dimension));
    }
    ids.write(id);
    ids.write('\n');
    row.asFloatBuffer().put(vector);
    out.write(row.array());
    rows++;
  }

  @Override
  public void close() throws IOException {
    try (ids;
        channel) {
      out.flush();
      ByteBuffer header = ByteBuffer.wrap(header());
      while (header.hasRemaining()) {
        channel.write(header, header.position());
      }
    }
  }
}
