/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4Factory;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.Row;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.GroupWriter;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.xerial.snappy.Snappy;

/** Writes Parquet of any schema with the library's own writer, and reads rows back. */
public final class SampleParquet {
  /** The schema of {@code id: string, vector: list<float>} as Spark and pyarrow write it. */
  public static final String USUAL =
      "message spark_schema { optional binary id (STRING);"
          + " optional group vector (LIST) { repeated group list { optional float element; } } }";

  private final MessageType schema;
  private final ParquetProperties.Builder properties = ParquetProperties.builder();
  private CompressionCodecName codec = CompressionCodecName.SNAPPY;
  private final List<List<Group>> groups = new ArrayList<>(List.of(new ArrayList<>()));

  public SampleParquet(String schema) {
    this.schema = MessageTypeParser.parseMessageType(schema);
  }

  public SampleParquet codec(CompressionCodecName name) {
    codec = name;
    return this;
  }

  public SampleParquet with(Consumer<ParquetProperties.Builder> change) {
    change.accept(properties);
    return this;
  }

  /** Adds a row that a function fills in. */
  public SampleParquet row(Consumer<Group> fill) {
    Group row = new SimpleGroup(schema);
    fill.accept(row);
    groups.getLast().add(row);
    return this;
  }

  /** Adds a row of the usual schema. */
  public SampleParquet row(String id, float... vector) {
    return row(
        row -> {
          row.add("id", id);
          Group list = row.addGroup("vector");
          for (float v : vector) {
            list.addGroup(0).add(0, v);
          }
        });
  }

  public SampleParquet nextRowGroup() {
    groups.add(new ArrayList<>());
    return this;
  }

  public Path write(Path path) throws IOException {
    ParquetProperties settings = properties.build();
    try (ParquetFileWriter file =
        new ParquetFileWriter(
            new LocalOutputFile(path),
            schema,
            ParquetFileWriter.Mode.OVERWRITE,
            1 << 20,
            0,
            64,
            64,
            true)) {
      file.start();
      int ordinal = 0;
      for (List<Group> rows : groups) {
        if (!rows.isEmpty()) {
          write(file, settings, rows, ordinal++);
        }
      }
      file.end(Map.of());
    }
    return path;
  }

  private void write(
      ParquetFileWriter file, ParquetProperties settings, List<Group> rows, int ordinal)
      throws IOException {
    try (ColumnChunkPageWriteStore pages =
            ColumnChunkPageWriteStore.builder()
                .withCompressorProvider(column -> new Packer(codec))
                .withSchema(schema)
                .withAllocator(settings.getAllocator())
                .withColumnIndexTruncateLength(64)
                .withPageWriteChecksumEnabled(settings.getPageWriteChecksumEnabled())
                .withRowGroupOrdinal(ordinal)
                .build();
        ColumnWriteStore columns = settings.newColumnWriteStore(schema, pages, pages)) {
      RecordConsumer consumer =
          new ColumnIOFactory(true).getColumnIO(schema).getRecordWriter(columns);
      GroupWriter writer = new GroupWriter(consumer, schema);
      rows.forEach(writer::write);
      consumer.flush();
      file.startBlock(rows.size());
      columns.flush();
      pages.flushToFileWriter(file);
      file.endBlock();
    }
  }

  private record Packer(CompressionCodecName getCodecName) implements BytesInputCompressor {
    @Override
    public BytesInput compress(BytesInput page) throws IOException {
      ByteArrayOutputStream plain = new ByteArrayOutputStream();
      page.writeAllTo(plain);
      byte[] bytes = plain.toByteArray();
      return BytesInput.from(
          switch (getCodecName) {
            case SNAPPY -> Snappy.compress(bytes);
            case ZSTD -> Zstd.compress(bytes);
            case LZ4_RAW -> LZ4Factory.safeInstance().fastCompressor().compress(bytes);
            case GZIP -> gzip(bytes);
            default -> bytes;
          });
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
        out.write(bytes);
      }
      return packed.toByteArray();
    }

    @Override
    public void release() {}
  }

  /** Writes a file again with its footer changed. */
  static Path withFooter(Path path, Consumer<FileMetaData> change) throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    int size = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 8);
    int start = bytes.length - 8 - size;
    FileMetaData footer =
        Util.readFileMetaData(new java.io.ByteArrayInputStream(bytes, start, size));
    change.accept(footer);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, start);
    Util.writeFileMetaData(footer, out);
    int written = out.size() - start;
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(written).array());
    out.writeBytes(Arrays.copyOfRange(bytes, bytes.length - 4, bytes.length));
    return Files.write(path, out.toByteArray());
  }

  /** A source of nothing but a path. */
  public static EmbeddingSource source(Path path) {
    return source(path, "", "");
  }

  public static EmbeddingSource source(Path path, String id, String vector) {
    return new EmbeddingSource(path, java.util.Optional.empty(), id, vector, 0);
  }

  public static List<Row> readAll(EmbeddingReader opened) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (EmbeddingReader reader = opened) {
      for (var row = reader.next(); row.isPresent(); row = reader.next()) {
        rows.add(row.get());
      }
    }
    return rows;
  }

  static List<Row> read(Path path) throws IOException {
    return readAll(new ParquetFormat().open(source(path)));
  }
}
