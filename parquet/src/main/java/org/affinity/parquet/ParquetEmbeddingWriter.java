/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.affinity.ingest.EmbeddingWriter;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * Writes {@code id: string, vector: list<float>} (three levels, nothing null) with zstd, as pyarrow
 * and Spark read it. Numbers keep every bit; the file appears whole at {@link #close}, and has no
 * footer before. A row group is closed at 64 MiB or 100,000 rows, which bounds memory.
 *
 * <p>For one thread. After a failed write the file is to be thrown away.
 */
public final class ParquetEmbeddingWriter implements EmbeddingWriter {
  private static final long GROUP_BYTES = 64L << 20;
  private static final int GROUP_ROWS = 100_000;
  private static final MessageType SCHEMA =
      Types.buildMessage()
          .required(PrimitiveTypeName.BINARY)
          .as(LogicalTypeAnnotation.stringType())
          .named("id")
          .requiredList()
          .requiredElement(PrimitiveTypeName.FLOAT)
          .named("vector")
          .named("embeddings");
  private static final ColumnDescriptor ID = SCHEMA.getColumns().get(0);
  private static final ColumnDescriptor NUMBERS = SCHEMA.getColumns().get(1);

  private final ParquetProperties properties =
      ParquetProperties.builder()
          .withDictionaryEncoding(false)
          .withPageWriteChecksumEnabled(true)
          .build();
  private final ParquetFileWriter file;
  private ColumnChunkPageWriteStore pages;
  private ColumnWriteStore columns;
  private ColumnWriter ids;
  private ColumnWriter numbers;
  private int rows;
  private int ordinal;
  private boolean closed;

  /**
   * Begins a file; one that is there is replaced.
   *
   * @param path the file
   * @throws IOException if it cannot be created
   */
  public ParquetEmbeddingWriter(Path path) throws IOException {
    PageCodec.requireZstd();
    this.file =
        new ParquetFileWriter(
            new LocalOutputFile(path),
            SCHEMA,
            ParquetFileWriter.Mode.OVERWRITE,
            GROUP_BYTES,
            0,
            properties.getColumnIndexTruncateLength(),
            properties.getStatisticsTruncateLength(),
            true);
    file.start();
  }

  @Override
  public void write(String id, float[] vector) throws IOException {
    if (vector.length == 0) {
      throw new IllegalArgumentException("the vector of '" + id + "' is empty");
    }
    if (columns == null) {
      startGroup();
    }
    ids.write(Binary.fromString(id), 0, 0);
    for (int i = 0; i < vector.length; i++) {
      numbers.write(vector[i], i == 0 ? 0 : 1, 1);
    }
    columns.endRecord();
    rows++;
    if (rows == GROUP_ROWS || (rows % 64 == 0 && columns.getBufferedSize() >= GROUP_BYTES)) {
      endGroup();
    }
  }

  private void startGroup() {
    pages =
        ColumnChunkPageWriteStore.builder()
            .withCompressorProvider(column -> new ZstdPages())
            .withSchema(SCHEMA)
            .withAllocator(properties.getAllocator())
            .withColumnIndexTruncateLength(properties.getColumnIndexTruncateLength())
            .withPageWriteChecksumEnabled(true)
            .withRowGroupOrdinal(ordinal++)
            .build();
    columns = properties.newColumnWriteStore(SCHEMA, pages, pages);
    ids = columns.getColumnWriter(ID);
    numbers = columns.getColumnWriter(NUMBERS);
  }

  private void endGroup() throws IOException {
    file.startBlock(rows);
    columns.flush();
    pages.flushToFileWriter(file);
    file.endBlock();
    closeGroup();
    rows = 0;
  }

  private void closeGroup() {
    columns.close();
    pages.close();
    columns = null;
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (file) {
      if (columns != null) {
        endGroup();
      }
      file.end(Map.of("writer.product", "affinity"));
    } finally {
      if (columns != null) {
        closeGroup();
      }
    }
  }

  /** Packs pages with zstd. */
  private static final class ZstdPages implements BytesInputCompressor {
    @Override
    public BytesInput compress(BytesInput page) throws IOException {
      ByteArrayOutputStream plain = new ByteArrayOutputStream((int) page.size());
      page.writeAllTo(plain);
      return BytesInput.from(PageCodec.pack(plain.toByteArray()));
    }

    @Override
    public CompressionCodecName getCodecName() {
      return CompressionCodecName.ZSTD;
    }

    @Override
    public void release() {}
  }
}
