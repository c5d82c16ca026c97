/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * Which columns of a schema make a row.
 *
 * @param id the ids
 * @param vector the vectors
 * @param fields all others, which become fields of the document
 */
record RowColumns(FieldColumn id, VectorColumn vector, List<FieldColumn> fields) {
  private static final String USUAL_ID = "id";

  /**
   * Finds the columns. One that is not named is found if it is the only one that can be meant; for
   * the id a column {@code id} is preferred.
   *
   * @param schema the schema
   * @param idName the id's column, or empty
   * @param vectorName the vector's column, or empty
   * @throws IOException if a column is missing, ambiguous or of a type that cannot be taken; the
   *     message lists the columns
   */
  static RowColumns choose(MessageType schema, String idName, String vectorName)
      throws IOException {
    VectorColumn vector = vector(schema, vectorName);
    FieldColumn id = id(schema, idName);
    List<FieldColumn> fields = new ArrayList<>();
    for (Type column : schema.getFields()) {
      if (!column.getName().equals(id.name()) && !column.getName().equals(vector.name())) {
        fields.add(
            FieldColumn.of(schema, column)
                .orElseThrow(
                    () ->
                        new IOException(
                            "column '%s' is %s, which no field of a document takes; write the file without it"
                                .formatted(column.getName(), describe(column)))));
      }
    }
    return new RowColumns(id, vector, List.copyOf(fields));
  }

  private static VectorColumn vector(MessageType schema, String name) throws IOException {
    if (!name.isEmpty()) {
      Type column = named(schema, name, "--vector-field");
      return VectorColumn.of(schema, column)
          .orElseThrow(
              () ->
                  new IOException(
                      "column '%s' is %s, not a list of float, double or float16; the columns are %s"
                          .formatted(name, describe(column), describe(schema))));
    }
    List<VectorColumn> found =
        schema.getFields().stream()
            .flatMap(column -> VectorColumn.of(schema, column).stream())
            .toList();
    if (found.size() != 1) {
      throw new IOException(
          "%s is a list of float, double or float16; name the vectors by --vector-field; the columns are %s"
              .formatted(found.isEmpty() ? "no column" : "more than one column", describe(schema)));
    }
    return found.getFirst();
  }

  private static FieldColumn id(MessageType schema, String name) throws IOException {
    if (!name.isEmpty()) {
      Type column = named(schema, name, "--id-field");
      return FieldColumn.of(schema, column)
          .filter(FieldColumn::canBeId)
          .orElseThrow(
              () ->
                  new IOException(
                      "column '%s' is %s, not text or a whole number; the columns are %s"
                          .formatted(name, describe(column), describe(schema))));
    }
    List<FieldColumn> found =
        schema.getFields().stream()
            .flatMap(column -> FieldColumn.of(schema, column).stream())
            .filter(FieldColumn::canBeId)
            .toList();
    Optional<FieldColumn> usual =
        found.stream().filter(column -> column.name().equals(USUAL_ID)).findFirst();
    if (usual.isPresent()) {
      return usual.get();
    }
    if (found.size() != 1) {
      throw new IOException(
          "%s can be the id; name the ids by --id-field; the columns are %s"
              .formatted(found.isEmpty() ? "no column" : "more than one column", describe(schema)));
    }
    return found.getFirst();
  }

  private static Type named(MessageType schema, String name, String option) throws IOException {
    if (!schema.containsField(name)) {
      throw new IOException(
          "there is no column '%s'; say another by %s; the columns are %s"
              .formatted(name, option, describe(schema)));
    }
    return schema.getType(name);
  }

  /** The columns and their types, as errors list them. */
  static String describe(MessageType schema) {
    return schema.getFields().stream()
        .limit(100)
        .map(column -> column.getName() + " " + describe(column))
        .collect(Collectors.joining(", "));
  }

  private static String describe(Type column) {
    if (!column.isPrimitive()) {
      var fields = column.asGroupType().getFields();
      boolean isList =
          column.getLogicalTypeAnnotation()
              instanceof LogicalTypeAnnotation.ListLogicalTypeAnnotation;
      if (isList && fields.size() == 1) {
        Type element = fields.getFirst();
        while (!element.isPrimitive() && element.asGroupType().getFieldCount() == 1) {
          element = element.asGroupType().getType(0);
        }
        return "(list of " + (element.isPrimitive() ? name(element) : "structs") + ")";
      }
      return "(struct of "
          + fields.stream().map(Type::getName).limit(20).collect(Collectors.joining(", "))
          + ")";
    }
    return column.isRepetition(Type.Repetition.REPEATED)
        ? "(repeated " + name(column) + ")"
        : "(" + name(column) + ")";
  }

  private static String name(Type type) {
    PrimitiveType primitive = type.asPrimitiveType();
    String name = primitive.getPrimitiveTypeName().name().toLowerCase(java.util.Locale.ROOT);
    LogicalTypeAnnotation logical = primitive.getLogicalTypeAnnotation();
    return logical == null ? name : name + " " + logical;
  }
}
