/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.vector;

import java.util.Map;
import org.opensearch.action.get.GetResponse;
import org.opensearch.action.get.MultiGetRequest;
import org.opensearch.common.document.DocumentField;
import org.opensearch.search.fetch.subphase.FetchSourceContext;

/**
 * The vector in a field of a stored document.
 *
 * @param routing may be null
 * @param field a dotted path
 */
public record StoredVector(String index, String id, String routing, String field)
    implements StoredPart<float[]> {

  @Override
  public String path() {
    return field;
  }

  /**
   * Asks for the vector as a stored field, which costs no parsing of the source. Documents of
   * indices that keep vectors out of their source have it there once they are in a segment; others
   * do not, and are asked for their source.
   */
  MultiGetRequest.Item storedFieldItem() {
    return new MultiGetRequest.Item(index, id)
        .routing(routing)
        .storedFields(field)
        .fetchSourceContext(FetchSourceContext.DO_NOT_FETCH_SOURCE);
  }

  /** The answer to {@link #storedFieldItem}; null if the vector is not kept so. */
  Fetched.Outcome<float[]> readStoredField(GetResponse response) {
    DocumentField stored = response.getField(field);
    return stored != null && stored.getValue() instanceof float[] vector
        ? new Fetched.Found<>(vector, what())
        : null;
  }

  @Override
  public Fetched.Outcome<float[]> read(GetResponse response) {
    Map<String, Object> source = response.getSourceAsMap();
    if (source == null) {
      throw new IllegalArgumentException(
          document() + " has no [_source] to take field [" + field + "] from");
    }
    Object value = valueAt(field, source);
    return value == null
        ? new Fetched.Missing<>(document() + " has no field [" + field + "]")
        : new Fetched.Found<>(VectorContent.fromSource(value, what()), what());
  }

  /** Names the vector, for messages. */
  public String what() {
    return "field [" + field + "] of " + document();
  }

  /** As it stands in the source, nulls in arrays included. */
  private static Object valueAt(String path, Map<?, ?> source) {
    Object value = source.get(path);
    int dot = path.indexOf('.');
    while (value == null && dot >= 0) {
      if (source.get(path.substring(0, dot)) instanceof Map<?, ?> inner) {
        value = valueAt(path.substring(dot + 1), inner);
      }
      dot = path.indexOf('.', dot + 1);
    }
    return value;
  }
}
