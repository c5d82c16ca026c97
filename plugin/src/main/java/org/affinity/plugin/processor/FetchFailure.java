/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import org.opensearch.ExceptionsHelper;
import org.opensearch.OpenSearchStatusException;
import org.opensearch.action.RoutingMissingException;
import org.opensearch.core.rest.RestStatus;
import org.opensearch.index.IndexNotFoundException;
import org.opensearch.indices.IndexClosedException;

/**
 * Says why a vector could not be had, with the status that tells a client what to do: 400 if a
 * person must change something, 429 and 503 if the same bulk may work later.
 */
final class FetchFailure {

  private FetchFailure() {}

  static Exception explain(Exception failure, String index) {
    Throwable cause = ExceptionsHelper.unwrapCause(failure);
    String words =
        switch (cause) {
          case IndexNotFoundException e ->
              "there is no index ["
                  + index
                  + "] to take vectors from; create it or correct [index]";
          case IndexClosedException e ->
              "index [" + index + "] is closed, vectors cannot be taken from it; open it";
          case RoutingMissingException e ->
              "index ["
                  + index
                  + "] needs a routing to find document ["
                  + e.getId()
                  + "]; set [routing_field]";
          default -> null;
        };
    if (words != null) {
      return new IllegalArgumentException(words, failure);
    }
    RestStatus status = ExceptionsHelper.status(cause);
    String message = "cannot take vectors from index [" + index + "]: " + cause.getMessage();
    return status.getStatus() >= 500
        ? new OpenSearchStatusException(
            message + "; try again", RestStatus.SERVICE_UNAVAILABLE, failure)
        : new OpenSearchStatusException(message, status, failure);
  }

  /** More than one bulk may ask for. */
  static OpenSearchStatusException tooMuch(String what, long limit) {
    return new OpenSearchStatusException(
        "the documents of one bulk may ask for at most ["
            + limit
            + "] "
            + what
            + "; send fewer documents per request",
        RestStatus.TOO_MANY_REQUESTS);
  }
}
