/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.util.Set;
import org.affinity.ingest.LoadException;
import org.affinity.ingest.RawReply;
import org.affinity.ingest.Reply;
import org.affinity.ingest.RetryPolicy;
import org.affinity.ingest.ServerConnection;

/**
 * An index as it was at one moment, whatever is written to it since. A search that gets no answer,
 * or that of a busy server, is repeated: reading twice changes nothing.
 */
final class PointInTime {
  private static final String KEEP_ALIVE = "5m";
  private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504);

  private final JsonMapper mapper = new JsonMapper(new JsonFactory());
  private final ServerConnection server;
  private final String index;
  private final RetryPolicy retry;
  private final String id;

  private PointInTime(ServerConnection server, String index, RetryPolicy retry, String id) {
    this.server = server;
    this.index = index;
    this.retry = retry;
    this.id = id;
  }

  static PointInTime open(ServerConnection server, String index, RetryPolicy retry)
      throws IOException, InterruptedException {
    Reply reply =
        server.send(
            "POST",
            "/%s/_search/point_in_time?keep_alive=%s"
                .formatted(ServerConnection.segment(index), KEEP_ALIVE));
    if (!reply.isOk()) {
      throw new LoadException(
          "opening '%s' for reading answered %d: %s"
              .formatted(index, reply.status(), reply.reason()));
    }
    return new PointInTime(server, index, retry, reply.body().path("pit_id").asText());
  }

  /** The answer to a search, to which this adds where to search. */
  byte[] search(ObjectNode search) throws IOException, InterruptedException {
    ObjectNode body = search.deepCopy();
    body.putObject("pit").put("id", id).put("keep_alive", KEEP_ALIVE);
    String json = mapper.writeValueAsString(body);
    for (int attempt = 1; ; attempt++) {
      String why;
      try {
        RawReply reply =
            server.sendRaw("POST", "/_search?allow_partial_search_results=false", json);
        if (reply.status() == 200) {
          return reply.body();
        }
        why = reply.status() + " " + reason(reply);
        if (!PASSING.contains(reply.status())) {
          throw new LoadException(refusal(why));
        }
      } catch (LoadException e) {
        throw e;
      } catch (ConnectException e) {
        why = "no server answers";
      } catch (IOException e) {
        why = "no answer (" + e.getClass().getSimpleName() + ": " + e.getMessage() + ")";
      }
      if (attempt == retry.attempts()) {
        throw new LoadException(
            "%s: %s, %d times; nothing was written".formatted(server.endpoint(), why, attempt));
      }
      Thread.sleep(retry.pause(attempt));
    }
  }

  private String refusal(String why) {
    if (why.contains("search_context_missing") || why.contains("No search context found")) {
      return "the point in time at which '"
          + index
          + "' was read is gone: it expired after "
          + KEEP_ALIVE
          + " without a request, or the server was restarted; export again";
    }
    return "%s refused a search with %s".formatted(server.endpoint(), why);
  }

  private String reason(RawReply reply) throws IOException {
    try (JsonParser parser = mapper.createParser(reply.body())) {
      return new Reply(reply.status(), mapper.readTree(parser)).reason();
    } catch (JsonProcessingException e) {
      return "without a reason";
    }
  }

  /** Frees what the server holds for it; if that fails, it does so itself in a while. */
  void close() throws InterruptedException {
    try {
      ObjectNode body = mapper.createObjectNode();
      body.putArray("pit_id").add(id);
      server.send("DELETE", "/_search/point_in_time", mapper.writeValueAsString(body));
    } catch (IOException e) {
      return; // it expires
    }
  }
}
