/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.vector;

import java.util.Map;
import org.opensearch.action.get.GetRequest;
import org.opensearch.action.get.GetResponse;
import org.opensearch.action.get.MultiGetRequest;
import org.opensearch.search.fetch.subphase.FetchSourceContext;

/**
 * The vector in a field of a stored document: how to ask for it, and how to read the answer. Gets
 * are real-time, so a document indexed a moment ago counts.
 *
 * @param routing may be null
 * @param field a dotted path
 */
public record StoredVector(String index, String id, String routing, String field) {

  /**
   * What was found.
   *
   * @param values null if there is no vector
   * @param what where the vector stands, or why there is none
   */
  public record Reading(float[] values, String what) {}

  /** Names the document, for messages. */
  public String document() {
    return "document [" + index + "/" + id + "]";
  }

  public GetRequest getRequest() {
    return new GetRequest(index, id).routing(routing).fetchSourceContext(source());
  }

  public MultiGetRequest.Item multiGetItem() {
    return new MultiGetRequest.Item(index, id).routing(routing).fetchSourceContext(source());
  }

  private FetchSourceContext source() {
    return new FetchSourceContext(true, new String[] {field}, null);
  }

  /**
   * Reads the answer to {@link #getRequest} or {@link #multiGetItem}.
   *
   * @throws IllegalArgumentException if the document keeps no source, or the field holds no vector
   */
  public Reading read(GetResponse response) {
    if (!response.isExists()) {
      return new Reading(null, document() + " does not exist");
    }
    Map<String, Object> source = response.getSourceAsMap();
    if (source == null) {
      throw new IllegalArgumentException(
          document() + " has no [_source] to take field [" + field + "] from");
    }
    Object value = valueAt(field, source);
    if (value == null) {
      return new Reading(null, document() + " has no field [" + field + "]");
    }
    String what = "field [" + field + "] of " + document();
    return new Reading(VectorContent.fromSource(value, what), what);
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
