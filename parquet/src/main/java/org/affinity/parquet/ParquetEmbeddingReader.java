/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.Row;
import org.affinity.ingest.RowCheck;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.schema.MessageType;

/** Rows of Parquet files, one file open at a time; numbers run on from file to file. */
final class ParquetEmbeddingReader implements EmbeddingReader {
  private final List<Path> parts;
  private final RowNames names;
  private final MemoryBound bound = MemoryBound.ofHeap();
  private final RowCheck check;
  private final long length;

  private int nextPart;
  private long done;
  private long number;
  private ParquetFile file;
  private RowColumns columns;
  private Iterator<BlockMetaData> groups;
  private RowGroupRows rows;

  /**
   * The columns that were asked for.
   *
   * @param id the id's, or empty
   * @param vector the vector's, or empty
   */
  record RowNames(String id, String vector) {}

  /** Opens parts after a look at every footer, so that nothing is sent of what cannot be read. */
  ParquetEmbeddingReader(List<Path> parts, RowNames names, int dimension) throws IOException {
    this.parts = parts;
    this.names = names;
    this.check = new RowCheck(dimension);
    this.length = checkParts();
  }

  private long checkParts() throws IOException {
    MessageType schema = null;
    long bytes = 0;
    for (Path part : parts) {
      try (ParquetFile each = ParquetFile.open(part, bound)) {
        RowColumns found = choose(each);
        RowGroupRows.checkCodecs(each, found);
        if (schema == null) {
          schema = each.schema();
        } else if (!sameTypes(schema, each.schema())) {
          throw new IOException(
              "%s has other columns than %s: %s instead of %s"
                  .formatted(
                      part,
                      parts.getFirst().getFileName(),
                      RowColumns.describe(each.schema()),
                      RowColumns.describe(schema)));
        }
      }
      bytes += Files.size(part);
    }
    return bytes;
  }

  /** Whether columns are required or optional may differ from part to part. */
  private static boolean sameTypes(MessageType one, MessageType other) {
    return RowColumns.describe(one).equals(RowColumns.describe(other));
  }

  private RowColumns choose(ParquetFile from) throws IOException {
    try {
      return RowColumns.choose(from.schema(), names.id(), names.vector());
    } catch (IOException e) {
      throw new IOException(from.path() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<Row> next() throws IOException {
    try {
      while (rows == null || !rows.hasNext()) {
        if (!nextGroup()) {
          return Optional.empty();
        }
      }
      number++;
      return Optional.of(rows.next(number, check));
    } catch (UncheckedIOException e) {
      throw broken(e.getCause());
    } catch (IOException | RuntimeException e) { // the library's decoders throw all sorts
      throw broken(e);
    }
  }

  private IOException broken(Exception e) {
    String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new IOException(
        file == null ? why : "%s, row %,d: %s".formatted(file.path(), number, why), e);
  }

  private boolean nextGroup() throws IOException {
    if (rows != null) {
      rows.requireEnd();
      rows = null;
    }
    while (groups == null || !groups.hasNext()) {
      closeFile();
      if (nextPart == parts.size()) {
        return false;
      }
      file = ParquetFile.open(parts.get(nextPart++), bound);
      columns = choose(file);
      groups = file.rowGroups().iterator();
    }
    rows = new RowGroupRows(file, groups.next(), columns, bound);
    return true;
  }

  private void closeFile() throws IOException {
    if (file != null) {
      done += file.length();
      file.close();
      file = null;
      groups = null;
    }
  }

  @Override
  public long position() {
    return file == null ? done : done + Math.min(file.taken(), file.length());
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public void close() throws IOException {
    closeFile();
  }
}
