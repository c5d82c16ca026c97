/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the plugin's statistics tell of a field in an index.
 *
 * @param vectors how many there are
 * @param bytes on disk, by kind
 */
public record FieldBytes(long vectors, Map<String, Long> bytes) {

  private static final String SUFFIX = "_in_bytes";

  /** Out of the answer to {@code _affinity/stats}. */
  public static FieldBytes of(JsonNode statistics, String index, String field) {
    JsonNode ofField = statistics.path("indices").path(index).path("primaries").path(field);
    Map<String, Long> bytes = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : ofField.path("bytes").properties()) {
      String name = entry.getKey();
      if (name.endsWith(SUFFIX)) {
        bytes.put(name.substring(0, name.length() - SUFFIX.length()), entry.getValue().asLong());
      }
    }
    return new FieldBytes(ofField.path("vectors").asLong(), bytes);
  }

  /** Bytes by kind, of one vector. */
  public Map<String, Double> perVector() {
    Map<String, Double> each = new TreeMap<>();
    bytes.forEach((kind, size) -> each.put(kind, size / (double) vectors));
    return each;
  }
}
