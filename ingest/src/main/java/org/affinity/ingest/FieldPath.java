/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A field's place in a document: names of objects, and last its own. */
record FieldPath(List<String> names) {
  /** Of a full name, in which dots stand for objects. */
  static FieldPath of(String field) {
    return new FieldPath(List.of(field.split("\\.", -1)));
  }

  /** Puts a value there, beside what other fields may already hold in the objects on the way. */
  void put(Map<String, Object> into, Object value) {
    String name = names.getFirst();
    if (names.size() == 1) {
      into.put(name, value);
      return;
    }
    Map<String, Object> inner = new LinkedHashMap<>();
    if (into.get(name) instanceof Map<?, ?> there) {
      there.forEach((key, old) -> inner.put(String.valueOf(key), old));
    }
    new FieldPath(names.subList(1, names.size())).put(inner, value);
    into.put(name, inner);
  }
}
