/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.util.Map;
import java.util.Objects;

/**
 * One vector to be stored, and what comes with it.
 *
 * @param id the document's id, never empty
 * @param vector the numbers, all finite; not copied, so neither side may change it
 * @param fields other fields of the document, in their order; empty where a format has none
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere; a copy per row would be waste
public record Embedding(String id, float[] vector, Map<String, Object> fields) {
  /** Refuses nulls and the empty id. */
  public Embedding {
    Objects.requireNonNull(vector, "vector");
    Objects.requireNonNull(fields, "fields");
    if (id.isEmpty()) {
      throw new IllegalArgumentException("an embedding needs an id");
    }
  }
}
