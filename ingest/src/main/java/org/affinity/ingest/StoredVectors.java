/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks up the vectors of documents by their ids. */
final class StoredVectors {
  /** Errors about one document that pass: its shard is away, or busy. The item has no status. */
  private static final Set<String> PASSING =
      Set.of(
          "no_shard_available_action_exception",
          "unavailable_shards_exception",
          "rejected_execution_exception",
          "circuit_breaking_exception",
          "node_not_connected_exception",
          "node_disconnected_exception",
          "node_closed_exception",
          "connect_transport_exception",
          "receive_timeout_transport_exception",
          "shard_not_found_exception",
          "illegal_index_shard_state_exception");

  private final JsonMapper mapper = new JsonMapper();
  private final ServerConnection server;
  private final BulkTarget target;

  StoredVectors(ServerConnection server, BulkTarget target) {
    this.server = server;
    this.target = target;
  }

  /**
   * What a look-up found.
   *
   * @param vectors of the documents that have one, by id
   * @param unknown ids of which nothing could be learned for the moment
   * @param reason why not
   */
  record Found(Map<String, float[]> vectors, Set<String> unknown, String reason) {
    static final Found NONE = new Found(Map.of(), Set.of(), "");
  }

  /**
   * Looks up documents once.
   *
   * @throws LoadException if the server refuses to look, for other reasons than being busy
   */
  Found of(List<String> ids) throws IOException, InterruptedException {
    ObjectNode body = mapper.createObjectNode();
    ids.forEach(body.putArray("ids")::add);
    String path =
        "/%s/_mget?_source_includes=%s&filter_path=error,docs._id,docs._source,docs.error"
            .formatted(
                ServerConnection.segment(target.index()), ServerConnection.segment(target.field()));
    Reply reply;
    try {
      reply = server.send("POST", path, mapper.writeValueAsString(body));
    } catch (LoadException e) {
      throw e;
    } catch (IOException e) {
      return new Found(Map.of(), Set.copyOf(ids), Reply.none(e));
    }
    if (Reply.isPassing(reply.status())) {
      return new Found(Map.of(), Set.copyOf(ids), reply.status() + " " + reply.reason());
    }
    if (!reply.isOk()) {
      throw refused(Integer.toString(reply.status()), reply.reason());
    }
    return read(reply.body().path("docs"));
  }

  private Found read(JsonNode docs) throws IOException {
    SourceVector vector = new SourceVector(target.field());
    Map<String, float[]> found = new HashMap<>();
    Set<String> unknown = new HashSet<>();
    String reason = "";
    for (JsonNode each : docs) {
      String id = each.path("_id").asText();
      JsonNode error = each.path("error");
      if (!error.isMissingNode()) {
        reason = Reply.reasonOf(error);
        if (!PASSING.contains(error.path("type").asText())) {
          throw refused("for '" + id + "'", reason);
        }
        unknown.add(id);
      } else if (each.path("_source").isObject()) {
        try (JsonParser parser = mapper.treeAsTokens(each.path("_source"))) {
          parser.nextToken();
          found.put(id, vector.read(parser));
        }
      }
    }
    return new Found(found, unknown, reason);
  }

  private LoadException refused(String what, String reason) {
    return new LoadException(
        "%s: looking up documents that are there answered %s: %s"
            .formatted(server.endpoint(), what, reason));
  }
}
