/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.affinity.parquet.ScalarValue.ValueException;
import org.apache.parquet.VersionParser;
import org.apache.parquet.VersionParser.ParsedVersion;
import org.apache.parquet.VersionParser.VersionParseException;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReaderImpl;
import org.apache.parquet.io.api.PrimitiveConverter;

/** The values of one column chunk, row by row. */
final class FieldReader {
  private static final int LONGEST_LIST = 1 << 16;

  private final FieldColumn column;
  private final ColumnReader reader;
  private long left;
  private String fault;

  FieldReader(FieldColumn column, ColumnPages pages, String createdBy) {
    this.column = column;
    this.left = pages.getTotalValueCount();
    this.reader =
        left == 0
            ? null
            : new ColumnReaderImpl(
                column.leaf(), pages, new PrimitiveConverter() {}, version(createdBy));
  }

  private static ParsedVersion version(String createdBy) {
    try {
      return createdBy == null ? null : VersionParser.parse(createdBy);
    } catch (VersionParseException | RuntimeException e) {
      return null; // as the library does: a writer without a version has no known faults
    }
  }

  String name() {
    return column.name();
  }

  /**
   * The next row's value: null where it is null, and where it cannot be taken, with {@link
   * #fault()} then saying why.
   */
  Object next() throws IOException {
    fault = null;
    if (left == 0) {
      throw new IOException(
          "column '%s' has fewer rows than its row group claims; the file is damaged"
              .formatted(column.name()));
    }
    return column.isList() ? list() : single();
  }

  String fault() {
    return fault;
  }

  boolean isAtEnd() {
    return left == 0;
  }

  private Object single() {
    Object value =
        reader.getCurrentDefinitionLevel() == column.leaf().getMaxDefinitionLevel()
            ? value()
            : null;
    advance();
    return value;
  }

  private List<Object> list() {
    int level = reader.getCurrentDefinitionLevel();
    if (level <= column.listLevel()) {
      advance();
      return level < column.listLevel() ? null : List.of();
    }
    List<Object> values = new ArrayList<>();
    do {
      if (values.size() == LONGEST_LIST) {
        fault = "has more than " + LONGEST_LIST + " values";
      } else {
        values.add(
            reader.getCurrentDefinitionLevel() == column.leaf().getMaxDefinitionLevel()
                ? value()
                : null);
      }
      advance();
    } while (left > 0 && reader.getCurrentRepetitionLevel() > 0);
    return values;
  }

  private Object value() {
    try {
      return column.value().read(reader);
    } catch (ValueException e) {
      fault = e.getMessage();
      return null;
    }
  }

  private void advance() {
    reader.consume();
    left--;
  }
}
