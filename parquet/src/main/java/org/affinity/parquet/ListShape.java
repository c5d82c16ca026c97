/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * A list of single values in one of the forms that writers use: three levels (a group, a repeated
 * group, the element), two (a group, the repeated element), or a bare repeated column.
 *
 * @param leaf the elements
 * @param listLevel the definition level of a list that is there, perhaps empty
 */
record ListShape(ColumnDescriptor leaf, int listLevel) {

  /** The list that a type is, if it is one; the parents are the groups it stands in. */
  static Optional<ListShape> of(MessageType schema, Type type, String... parents) {
    List<String> path = new ArrayList<>(List.of(parents));
    path.add(type.getName());
    if (type.isPrimitive()) {
      return type.isRepetition(Type.Repetition.REPEATED) ? shape(schema, path) : Optional.empty();
    }
    GroupType group = type.asGroupType();
    boolean named =
        group.getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.ListLogicalTypeAnnotation;
    if (type.isRepetition(Type.Repetition.REPEATED) || !named || group.getFieldCount() != 1) {
      return Optional.empty();
    }
    Type repeated = group.getType(0);
    if (!repeated.isRepetition(Type.Repetition.REPEATED)) {
      return Optional.empty();
    }
    path.add(repeated.getName());
    if (!repeated.isPrimitive()) {
      GroupType element = repeated.asGroupType();
      if (element.getFieldCount() != 1
          || !element.getType(0).isPrimitive()
          || element.getType(0).isRepetition(Type.Repetition.REPEATED)) {
        return Optional.empty();
      }
      path.add(element.getType(0).getName());
    }
    return shape(schema, path);
  }

  private static Optional<ListShape> shape(MessageType schema, List<String> path) {
    ColumnDescriptor leaf = schema.getColumnDescription(path.toArray(String[]::new));
    boolean optional = leaf.getPrimitiveType().isRepetition(Type.Repetition.OPTIONAL);
    return Optional.of(new ListShape(leaf, leaf.getMaxDefinitionLevel() - (optional ? 2 : 1)));
  }
}
