/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import java.util.Optional;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * Where in a schema the numbers of vectors are.
 *
 * @param name the column's name
 * @param numbers the leaf that holds them, repeated once
 * @param listLevel the definition level of a list that is there, perhaps empty
 * @param kind for Spark's vector struct the leaf that tells dense (1) from sparse (0)
 */
record VectorColumn(
    String name, ColumnDescriptor numbers, int listLevel, Optional<ColumnDescriptor> kind) {

  /** The vectors in a column, if its type is a list of numbers with a fraction. */
  static Optional<VectorColumn> of(MessageType schema, Type column) {
    String name = column.getName();
    if (isSparkVector(column)) {
      GroupType struct = column.asGroupType();
      return ListShape.of(schema, struct.getType("values"), name)
          .filter(shape -> isFraction(shape.leaf().getPrimitiveType()))
          .map(
              shape ->
                  new VectorColumn(
                      name,
                      shape.leaf(),
                      shape.listLevel(),
                      Optional.of(schema.getColumnDescription(new String[] {name, "type"}))));
    }
    return ListShape.of(schema, column)
        .filter(shape -> isFraction(shape.leaf().getPrimitiveType()))
        .map(shape -> new VectorColumn(name, shape.leaf(), shape.listLevel(), Optional.empty()));
  }

  /** The struct that Spark's VectorUDT is stored as. */
  private static boolean isSparkVector(Type column) {
    if (column.isPrimitive() || column.isRepetition(Type.Repetition.REPEATED)) {
      return false;
    }
    GroupType struct = column.asGroupType();
    return struct.getFieldCount() == 4
        && struct.containsField("type")
        && struct.containsField("size")
        && struct.containsField("indices")
        && struct.containsField("values")
        && struct.getType("type").isPrimitive()
        && struct.getType("type").asPrimitiveType().getPrimitiveTypeName()
            == PrimitiveType.PrimitiveTypeName.INT32
        && !struct.getType("type").isRepetition(Type.Repetition.REPEATED);
  }

  private static boolean isFraction(PrimitiveType type) {
    return switch (type.getPrimitiveTypeName()) {
      case FLOAT, DOUBLE -> true;
      case FIXED_LEN_BYTE_ARRAY ->
          type.getLogicalTypeAnnotation() instanceof Float16LogicalTypeAnnotation;
      default -> false;
    };
  }
}
