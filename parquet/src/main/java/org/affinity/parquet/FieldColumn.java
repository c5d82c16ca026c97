/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import java.util.Optional;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * A column of single values, or of lists of them.
 *
 * @param name the column's name
 * @param leaf where the values are
 * @param value how to take one
 * @param listLevel for a list, the definition level of one that is there; -1 for single values
 */
record FieldColumn(String name, ColumnDescriptor leaf, ScalarValue value, int listLevel) {
  static Optional<FieldColumn> of(MessageType schema, Type column) {
    String name = column.getName();
    if (column.isPrimitive() && !column.isRepetition(Type.Repetition.REPEATED)) {
      ColumnDescriptor leaf = schema.getColumnDescription(new String[] {name});
      return ScalarValue.of(column.asPrimitiveType())
          .map(value -> new FieldColumn(name, leaf, value, -1));
    }
    return ListShape.of(schema, column)
        .flatMap(
            shape ->
                ScalarValue.of(shape.leaf().getPrimitiveType())
                    .map(v -> new FieldColumn(name, shape.leaf(), v, shape.listLevel())));
  }

  boolean isList() {
    return listLevel >= 0;
  }

  /** True if its values can name a document: text or whole numbers, not dates. */
  boolean canBeId() {
    if (isList()) {
      return false;
    }
    return switch (leaf.getPrimitiveType().getPrimitiveTypeName()) {
      case BINARY -> true;
      case INT32, INT64 -> {
        var logical = leaf.getPrimitiveType().getLogicalTypeAnnotation();
        yield logical == null || logical.toString().startsWith("INTEGER");
      }
      default -> false;
    };
  }
}
