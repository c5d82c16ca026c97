/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;

/**
 * The pages of one column chunk, each fetched and unpacked when it is asked for, so that a chunk
 * costs the memory of one page (and of its dictionary), whatever the size of its row group.
 * Checksums are verified where a page has one. Faults are {@link UncheckedIOException}.
 */
final class ColumnPages implements PageReader {
  private static final int FEWEST_BYTES_A_VALUE = 4;

  private final ColumnChunkMetaData chunk;
  private final Statistics<?> noStatistics;
  private final ChunkStream in;
  private final MemoryBound bound;
  private PageHeader ahead;
  private long read;

  ColumnPages(
      ParquetFile file, ColumnChunkMetaData chunk, ColumnDescriptor column, MemoryBound bound) {
    this.chunk = chunk;
    this.noStatistics = Statistics.createStats(column.getPrimitiveType());
    this.in = new ChunkStream(file, chunk.getStartingPos(), chunk.getTotalSize());
    this.bound = bound;
  }

  @Override
  public long getTotalValueCount() {
    return chunk.getValueCount();
  }

  @Override
  public DictionaryPage readDictionaryPage() {
    try {
      if (read == 0 && ahead == null && chunk.getTotalSize() > 0) {
        ahead = PageHeaders.read(in, bound);
      }
      if (ahead == null || ahead.getType() != PageType.DICTIONARY_PAGE) {
        return null;
      }
      PageHeader header = ahead;
      ahead = null;
      byte[] page = unpack(header, bytes(header), 0, header.getUncompressed_page_size());
      return new DictionaryPage(
          BytesInput.from(page),
          values(header.getDictionary_page_header().getNum_values()),
          encoding(header.getDictionary_page_header().getEncoding()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public DataPage readPage() {
    try {
      while (read < chunk.getValueCount()) {
        PageHeader header = ahead == null ? PageHeaders.read(in, bound) : ahead;
        ahead = null;
        DataPage page = page(header, bytes(header));
        if (page != null) {
          read += page.getValueCount();
          return page;
        }
      }
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The page, or null for one of another kind, such as an index. */
  private DataPage page(PageHeader header, byte[] bytes) throws IOException {
    return switch (header.getType()) {
      case DATA_PAGE -> first(header, bytes);
      case DATA_PAGE_V2 -> second(header, bytes);
      case DICTIONARY_PAGE ->
          throw new IOException("a dictionary stands behind data; the file is damaged");
      default -> null;
    };
  }

  private DataPage first(PageHeader header, byte[] bytes) throws IOException {
    DataPageHeader data = header.getData_page_header();
    byte[] page = unpack(header, bytes, 0, header.getUncompressed_page_size());
    return new DataPageV1(
        BytesInput.from(page),
        values(data.getNum_values()),
        page.length,
        noStatistics,
        encoding(data.getRepetition_level_encoding()),
        encoding(data.getDefinition_level_encoding()),
        encoding(data.getEncoding()));
  }

  private DataPage second(PageHeader header, byte[] bytes) throws IOException {
    DataPageHeaderV2 data = header.getData_page_header_v2();
    int repetition = data.getRepetition_levels_byte_length();
    int definition = data.getDefinition_levels_byte_length();
    long levels = (long) repetition + definition;
    int size = header.getUncompressed_page_size();
    if (repetition < 0 || definition < 0 || levels > bytes.length || levels > size) {
      throw new IOException("a page's levels reach beyond it; the file is damaged");
    }
    int from = (int) levels;
    byte[] values =
        data.isIs_compressed() && bytes.length > from
            ? PageCodec.unpack(chunk.getCodec(), bytes, from, size - from)
            : java.util.Arrays.copyOfRange(bytes, from, bytes.length);
    return DataPageV2.uncompressed(
        data.getNum_rows(),
        data.getNum_nulls(),
        values(data.getNum_values()),
        BytesInput.from(bytes, 0, repetition),
        BytesInput.from(bytes, repetition, definition),
        encoding(data.getEncoding()),
        BytesInput.from(values),
        noStatistics);
  }

  private byte[] bytes(PageHeader header) throws IOException {
    String what = "a page of column " + chunk.getPath().toDotString();
    bound.check(what, header.getUncompressed_page_size());
    byte[] bytes = in.take(bound.check(what, header.getCompressed_page_size()));
    if (header.isSetCrc()) {
      CRC32 crc = new CRC32();
      crc.update(bytes);
      if ((int) crc.getValue() != header.getCrc()) {
        throw new IOException(what + " does not match its checksum; the file is damaged");
      }
    }
    return bytes;
  }

  private byte[] unpack(PageHeader header, byte[] bytes, int from, int size) throws IOException {
    if (!header.isSetData_page_header() && !header.isSetDictionary_page_header()) {
      throw new IOException("a page has no header of its kind; the file is damaged");
    }
    return PageCodec.unpack(chunk.getCodec(), bytes, from, size);
  }

  private int values(int claimed) throws IOException {
    bound.check(
        "with its numbers taken apart, a page of column " + chunk.getPath().toDotString(),
        (long) FEWEST_BYTES_A_VALUE * claimed);
    return claimed;
  }

  private static Encoding encoding(org.apache.parquet.format.Encoding encoding) {
    return Encoding.valueOf(encoding.name());
  }
}
