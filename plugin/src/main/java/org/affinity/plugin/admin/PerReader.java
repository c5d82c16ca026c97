/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.lucene.index.IndexReader;

/**
 * Remembers what is costly to find out of a field for as long as its reader is open. Safe for use
 * by any number of threads; one at a time computes.
 */
final class PerReader<V> {

  /** What finds a value out. */
  interface Computation<V> {
    V get() throws IOException;
  }

  private final Map<IndexReader.CacheKey, Map<String, V>> values = new WeakHashMap<>();

  /**
   * @param cache of the reader; null if it must not be cached
   */
  synchronized V get(IndexReader.CacheHelper cache, String field, Computation<V> computation)
      throws IOException {
    if (cache == null) {
      return computation.get();
    }
    Map<String, V> fields = values.computeIfAbsent(cache.getKey(), key -> new HashMap<>());
    V value = fields.get(field);
    if (value == null) {
      value = computation.get();
      fields.put(field, value);
    }
    return value;
  }
}
