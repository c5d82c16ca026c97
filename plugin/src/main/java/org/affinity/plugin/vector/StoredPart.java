/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.vector;

import org.opensearch.action.get.GetResponse;
import org.opensearch.action.get.MultiGetRequest;
import org.opensearch.search.fetch.subphase.FetchSourceContext;

/**
 * A part of a stored document, as a real-time get brings it: one indexed a moment ago counts. A
 * value, so that what is wanted twice is got once.
 *
 * @param <T> what it is read as
 */
public interface StoredPart<T> {

  String index();

  String id();

  /** May be null. */
  String routing();

  /** A dotted path in the document's source. */
  String path();

  /**
   * Reads the document.
   *
   * @param response of an existing document, its source cut down to {@link #path}
   * @throws IllegalArgumentException if the document keeps no source, or holds something else
   */
  Fetched.Outcome<T> read(GetResponse response);

  /** Names the document, for messages. */
  default String document() {
    return "document [" + index() + "/" + id() + "]";
  }

  /** Asks for the part of the source. */
  default MultiGetRequest.Item sourceItem() {
    return new MultiGetRequest.Item(index(), id())
        .routing(routing())
        .fetchSourceContext(new FetchSourceContext(true, new String[] {path()}, null));
  }
}
