/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes beside a vector which training run it is from: for a field {@code taste} the fields {@code
 * taste_model} and {@code taste_version}, in the same object. What a row holds there is replaced.
 *
 * @param fields the stamp's fields by their full names, with dots for objects
 */
public record ModelStamp(Map<String, String> fields) implements RowStep {
  private static final int LONGEST = 512;

  /** Copies the fields, in the order of their names. */
  public ModelStamp {
    fields = Collections.unmodifiableMap(new TreeMap<>(fields));
  }

  /**
   * The stamp of a model, of a version, or of both.
   *
   * @param field the field of the vectors
   * @param model the model's name, or null
   * @param version the version's, or null
   * @throws IllegalArgumentException for an empty name, or one over 512 characters
   */
  public static ModelStamp of(String field, String model, String version) {
    Map<String, String> fields = new TreeMap<>();
    put(fields, field + "_model", "model", model);
    put(fields, field + "_version", "version", version);
    return new ModelStamp(fields);
  }

  private static void put(Map<String, String> fields, String name, String what, String value) {
    if (value == null) {
      return;
    }
    if (value.isBlank() || value.length() > LONGEST) {
      throw new IllegalArgumentException(
          "the " + what + " must have a name of 1 to " + LONGEST + " characters");
    }
    fields.put(name, value);
  }

  @Override
  public Row apply(Row.Accepted row) {
    Map<String, Object> all = new LinkedHashMap<>(row.embedding().fields());
    fields.forEach((name, value) -> FieldPath.of(name).put(all, value));
    return new Row.Accepted(
        row.number(), new Embedding(row.embedding().id(), row.embedding().vector(), all));
  }
}
