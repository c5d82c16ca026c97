/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks up the vectors of documents by their ids. */
final class StoredVectors {
  private final JsonMapper mapper = new JsonMapper();
  private final ServerConnection server;
  private final BulkTarget target;

  StoredVectors(ServerConnection server, BulkTarget target) {
    this.server = server;
    this.target = target;
  }

  /** The vectors of those that have one, by id. */
  Map<String, float[]> of(List<String> ids) throws IOException, InterruptedException {
    ObjectNode body = mapper.createObjectNode();
    ids.forEach(body.putArray("ids")::add);
    String path =
        "/%s/_mget?_source_includes=%s&filter_path=docs._id,docs._source,docs.error"
            .formatted(
                ServerConnection.segment(target.index()), ServerConnection.segment(target.field()));
    Reply reply = server.send("POST", path, mapper.writeValueAsString(body));
    if (!reply.isOk()) {
      throw new LoadException(
          "%s: looking up documents that are there answered %d: %s"
              .formatted(server.endpoint(), reply.status(), reply.reason()));
    }
    SourceVector vector = new SourceVector(target.field());
    Map<String, float[]> found = new HashMap<>();
    for (JsonNode each : reply.body().path("docs")) {
      if (each.path("_source").isObject()) {
        try (JsonParser parser = mapper.treeAsTokens(each.path("_source"))) {
          parser.nextToken();
          found.put(each.path("_id").asText(), vector.read(parser));
        }
      }
    }
    return found;
  }
}
