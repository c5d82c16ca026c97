/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Takes a number out of the fields of a row and appends it to the vector, as one more dimension.
 * The inner product with a query vector that has a 1 appended is then that of the vectors plus the
 * bias (Bachrach et al., RecSys 2014).
 */
public final class BiasColumn implements RowStep {
  private final String field;

  /** Of the field with this name. */
  public BiasColumn(String field) {
    this.field = field;
  }

  @Override
  public Row apply(Row.Accepted row) {
    Embedding embedding = row.embedding();
    Object value = embedding.fields().get(field);
    float bias = number(value);
    if (!Float.isFinite(bias)) {
      String why =
          value == null
              ? "no bias: there is no field '" + field + "'"
              : "the bias in field '" + field + "' is no finite float32: " + value;
      return new Row.Rejected(row.number(), embedding.id(), why);
    }
    float[] vector = Arrays.copyOf(embedding.vector(), embedding.vector().length + 1);
    vector[vector.length - 1] = bias;
    Map<String, Object> fields = new LinkedHashMap<>(embedding.fields());
    fields.remove(field);
    return new Row.Accepted(row.number(), new Embedding(embedding.id(), vector, fields));
  }

  /** NaN for what is no number. */
  private static float number(Object value) {
    try {
      if (value instanceof Number number) {
        return number.floatValue();
      }
      return value instanceof String text ? Float.parseFloat(text) : Float.NaN;
    } catch (NumberFormatException e) {
      return Float.NaN;
    }
  }
}
