/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.opensearch.core.xcontent.ToXContent;
import org.opensearch.core.xcontent.XContentBuilder;

/** Fields by index, added up over shards. For one thread. */
final class FieldTotals {

  private final SortedMap<String, SortedMap<String, FieldStats>> indices = new TreeMap<>();

  void add(String index, Map<String, FieldStats> fields) {
    if (!fields.isEmpty()) {
      SortedMap<String, FieldStats> totals = indices.computeIfAbsent(index, key -> new TreeMap<>());
      fields.forEach((field, stats) -> totals.merge(field, stats, FieldStats::plus));
    }
  }

  Iterable<String> indices() {
    return indices.keySet();
  }

  /** By field; empty if the index has none. */
  Map<String, FieldStats> of(String index) {
    return indices.getOrDefault(index, new TreeMap<>());
  }

  void write(String name, String index, XContentBuilder builder, ToXContent.Params params)
      throws IOException {
    builder.startObject(name);
    for (Map.Entry<String, FieldStats> field : of(index).entrySet()) {
      builder.field(field.getKey());
      field.getValue().toXContent(builder, params);
    }
    builder.endObject();
  }
}
