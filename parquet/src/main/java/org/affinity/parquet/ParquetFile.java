/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.MessageType;

/** One Parquet file, open, with its footer read and checked against the file's size. */
final class ParquetFile implements Closeable {
  private static final String MAGIC = "PAR1";
  private static final String ENCRYPTED = "PARE";
  private static final int MAGIC_BYTES = 4;
  private static final int TAIL_BYTES = 8;

  private final Path path;
  private final FileChannel channel;
  private final long length;
  private final ParquetMetadata footer;
  private long taken;

  private ParquetFile(Path path, FileChannel channel, long length, ParquetMetadata footer) {
    this.path = path;
    this.channel = channel;
    this.length = length;
    this.footer = footer;
  }

  /** True if a file starts as Parquet files do, encrypted ones too. */
  static boolean hasMagic(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      String magic = new String(in.readNBytes(MAGIC_BYTES), StandardCharsets.ISO_8859_1);
      return magic.equals(MAGIC) || magic.equals(ENCRYPTED);
    }
  }

  /**
   * Opens a file.
   *
   * @throws IOException if it is no Parquet file, cut short, encrypted or damaged, with which
   */
  static ParquetFile open(Path path, MemoryBound bound) throws IOException {
    FileChannel channel = FileChannel.open(path);
    try {
      long length = channel.size();
      ParquetMetadata footer = readFooter(channel, length, bound);
      checkChunks(footer.getBlocks(), length);
      return new ParquetFile(path, channel, length, footer);
    } catch (IOException e) {
      channel.close();
      throw new IOException(path + ": " + e.getMessage(), e);
    }
  }

  private static ParquetMetadata readFooter(FileChannel channel, long length, MemoryBound bound)
      throws IOException {
    if (length < MAGIC_BYTES + TAIL_BYTES) {
      throw new IOException("no Parquet file: it has only " + length + " bytes");
    }
    refuseMagic(text(read(channel, 0, MAGIC_BYTES)), "starts");
    ByteBuffer tail = read(channel, length - TAIL_BYTES, TAIL_BYTES);
    long size = Integer.toUnsignedLong(tail.getInt());
    refuseMagic(text(tail), "ends");
    if (size == 0 || size > length - MAGIC_BYTES - TAIL_BYTES) {
      throw new IOException(
          "its footer claims %,d bytes of a file of %,d; the file is damaged"
              .formatted(size, length));
    }
    int bytes = bound.check("its footer", size);
    byte[] raw = read(channel, length - TAIL_BYTES - size, bytes).array();
    FileMetaData claims;
    ParquetMetadata footer;
    try {
      // Once with a limit of its own size, so that no list in it can claim more than is there.
      claims = Util.readFileMetaData(new ByteArrayInputStream(raw), raw.length);
      footer =
          new ParquetMetadataConverter()
              .readParquetMetadata(
                  new ByteArrayInputStream(raw), ParquetMetadataConverter.NO_FILTER);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      throw new IOException("its footer cannot be read: " + e.getMessage(), e);
    }
    if (claims.isSetEncryption_algorithm()) {
      throw new IOException("columns of it are encrypted, which is not supported");
    }
    return footer;
  }

  private static void refuseMagic(String magic, String where) throws IOException {
    if (magic.equals(ENCRYPTED)) {
      throw new IOException("its footer is encrypted, which is not supported");
    }
    if (!magic.equals(MAGIC)) {
      throw new IOException(
          where.equals("starts")
              ? "no Parquet file: it does not start with PAR1"
              : "it does not end with PAR1: the file is cut short, or still being written");
    }
  }

  private static String text(ByteBuffer magic) {
    return StandardCharsets.ISO_8859_1.decode(magic).toString();
  }

  private static void checkChunks(List<BlockMetaData> groups, long length) throws IOException {
    for (int g = 0; g < groups.size(); g++) {
      BlockMetaData group = groups.get(g);
      if (group.getRowCount() < 0) {
        throw new IOException("row group %d claims %,d rows".formatted(g, group.getRowCount()));
      }
      if (group.getPath() != null) {
        throw new IOException("row group %d lies in another file".formatted(g));
      }
      for (ColumnChunkMetaData chunk : group.getColumns()) {
        long start = chunk.getStartingPos();
        long size = chunk.getTotalSize();
        if (start < MAGIC_BYTES || size < 0 || start > length - TAIL_BYTES - size) {
          throw new IOException(
              "row group %d: column %s lies outside the file; it is cut short or damaged"
                  .formatted(g, chunk.getPath().toDotString()));
        }
      }
    }
  }

  Path path() {
    return path;
  }

  long length() {
    return length;
  }

  MessageType schema() {
    return footer.getFileMetaData().getSchema();
  }

  String createdBy() {
    return footer.getFileMetaData().getCreatedBy();
  }

  List<BlockMetaData> rowGroups() {
    return footer.getBlocks();
  }

  /** Bytes of pages taken so far, over all columns. */
  long taken() {
    return taken;
  }

  /** Reads within a column chunk. */
  int read(ByteBuffer into, long position) throws IOException {
    int n = channel.read(into, position);
    if (n > 0) {
      taken += n;
    }
    return n;
  }

  private static ByteBuffer read(FileChannel channel, long position, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new EOFException("the file has become shorter");
      }
    }
    return buffer.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
