/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.affinity.ingest.Row;
import org.affinity.ingest.RowCheck;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;

/** The rows of one row group: its columns, read side by side. */
final class RowGroupRows {
  private static final long DENSE = 1;

  private final long count;
  private final FieldReader ids;
  private final VectorPages vectors;
  private final Optional<FieldReader> kinds;
  private final List<FieldReader> fields = new ArrayList<>();
  private long taken;

  RowGroupRows(ParquetFile file, BlockMetaData group, RowColumns columns, MemoryBound bound)
      throws IOException {
    this.count = group.getRowCount();
    this.ids = field(file, group, columns.id(), bound);
    ColumnDescriptor numbers = columns.vector().numbers();
    this.vectors =
        new VectorPages(
            columns.vector(), new ColumnPages(file, chunk(group, numbers), numbers, bound));
    Optional<FieldReader> kind = Optional.empty();
    if (columns.vector().kind().isPresent()) {
      ColumnDescriptor leaf = columns.vector().kind().get();
      FieldColumn column = new FieldColumn("type", leaf, reader -> (long) reader.getInteger(), -1);
      kind = Optional.of(field(file, group, column, bound));
    }
    this.kinds = kind;
    for (FieldColumn column : columns.fields()) {
      fields.add(field(file, group, column, bound));
    }
  }

  private static FieldReader field(
      ParquetFile file, BlockMetaData group, FieldColumn column, MemoryBound bound)
      throws IOException {
    ColumnChunkMetaData chunk = chunk(group, column.leaf());
    return new FieldReader(
        column, new ColumnPages(file, chunk, column.leaf(), bound), file.createdBy());
  }

  private static ColumnChunkMetaData chunk(BlockMetaData group, ColumnDescriptor column)
      throws IOException {
    for (ColumnChunkMetaData chunk : group.getColumns()) {
      if (Arrays.equals(chunk.getPath().toArray(), column.getPath())) {
        return chunk;
      }
    }
    throw new IOException("a row group has no column '" + String.join(".", column.getPath()) + "'");
  }

  /** Refuses, before anything is read, what is packed in a way that cannot be unpacked. */
  static void checkCodecs(ParquetFile file, RowColumns columns) throws IOException {
    for (BlockMetaData group : file.rowGroups()) {
      List<ColumnDescriptor> leaves = new ArrayList<>();
      leaves.add(columns.id().leaf());
      leaves.add(columns.vector().numbers());
      columns.fields().forEach(column -> leaves.add(column.leaf()));
      for (ColumnDescriptor leaf : leaves) {
        try {
          PageCodec.check(chunk(group, leaf).getCodec());
        } catch (IOException e) {
          throw new IOException(
              "%s: column '%s' is %s".formatted(file.path(), leaf.getPath()[0], e.getMessage()), e);
        }
      }
    }
  }

  boolean hasNext() {
    return taken < count;
  }

  Row next(long number, RowCheck check) throws IOException {
    taken++;
    Object id = ids.next();
    float[] vector = vectors.next();
    Object kind = kinds.isPresent() ? kinds.get().next() : DENSE;
    Map<String, Object> values = fields.isEmpty() ? Map.of() : new LinkedHashMap<>();
    String fault = null;
    for (FieldReader field : fields) {
      Object value = field.next();
      if (field.fault() != null && fault == null) {
        fault = "field '" + field.name() + "' " + field.fault();
      }
      if (value != null) {
        values.put(field.name(), value);
      }
    }
    if (id == null) {
      String why = ids.fault() == null ? "is null" : ids.fault();
      return new Row.Rejected(number, null, "the id in column '" + ids.name() + "' " + why);
    }
    String name = id.toString();
    if (kind instanceof Long stored && stored != DENSE) {
      return new Row.Rejected(
          number, name, "a sparse vector; turn it into a dense one before writing (toDense)");
    }
    if (vector == null) {
      return new Row.Rejected(number, name, vectors.fault());
    }
    return fault == null
        ? check.check(number, name, vector, values)
        : new Row.Rejected(number, name, fault);
  }

  /** Refuses columns that hold more rows than the row group counts: ids would be out of step. */
  void requireEnd() throws IOException {
    boolean ended =
        ids.isAtEnd() && vectors.isAtEnd() && fields.stream().allMatch(FieldReader::isAtEnd);
    if (!ended) {
      throw new IOException(
          "columns hold more rows than the %,d of their row group; the file is damaged"
              .formatted(count));
    }
  }
}
