/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.export;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.affinity.ingest.EmbeddingWriter;
import org.affinity.ingest.LoadException;

/**
 * The text format of word2vec: a line with the number of vectors and their dimension, then a line
 * for each, the id first, all separated by spaces. The number is known at the end only: its place
 * is filled up with spaces. Numbers are the shortest decimals that give the same float32 again.
 */
public final class Word2vecTextWriter implements EmbeddingWriter {
  private static final int HEADER = 32;

  private final FileChannel channel;
  private final OutputStream out;
  private final int dimension;
  private long rows;

  /** Writes vectors of a dimension to a file. */
  public Word2vecTextWriter(Path file, int dimension) throws IOException {
    this.dimension = dimension;
    this.channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    this.out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    out.write(header());
  }

  private byte[] header() {
    String text = rows + " " + dimension;
    return (text + " ".repeat(HEADER - 1 - text.length()) + "\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void write(String id, float[] vector) throws IOException {
    if (id.chars().anyMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c))) {
      throw new LoadException(
          "word2vec text cannot hold an id with white space in it: '"
              + id
              + "'; export as jsonl or npy");
    }
    StringBuilder line = new StringBuilder(id);
    for (float each : vector) {
      line.append(' ').append(each);
    }
    out.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    rows++;
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      out.flush();
      ByteBuffer header = ByteBuffer.wrap(header());
      while (header.hasRemaining()) {
        channel.write(header, header.position());
      }
    }
  }
}
