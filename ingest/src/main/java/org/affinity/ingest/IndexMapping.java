/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the mappings behind a name say of fields; of several indices, what holds for all. */
public final class IndexMapping {
  private static final Set<String> TEXTS =
      Set.of("keyword", "text", "wildcard", "match_only_text", "constant_keyword");

  private final String index;
  private final List<JsonNode> mappings;

  IndexMapping(String index, List<JsonNode> mappings) {
    this.index = index;
    this.mappings = List.copyOf(mappings);
  }

  /** The mappings of an index or alias. */
  public static IndexMapping find(ServerConnection server, String index)
      throws IOException, InterruptedException {
    Reply reply = server.send("GET", "/" + ServerConnection.segment(index) + "/_mapping");
    if (!reply.isOk()) {
      throw new LoadException(
          "the mapping of '%s' answered %d: %s".formatted(index, reply.status(), reply.reason()));
    }
    List<JsonNode> mappings = new ArrayList<>();
    reply.body().forEach(each -> mappings.add(each.path("mappings")));
    return new IndexMapping(index, mappings);
  }

  /** True if a field is inside an object of type nested, whose documents are apart. */
  public boolean isNested(String field) {
    return mappings.stream().anyMatch(mapping -> isNested(mapping, field));
  }

  private static boolean isNested(JsonNode mapping, String field) {
    JsonNode at = mapping;
    for (String name : FieldPath.of(field).names()) {
      at = at.path("properties").path(name);
      if (at.path("type").asText().equals("nested")) {
        return true;
      }
    }
    return false;
  }

  /**
   * Refuses a stamp whose fields the mapping would not take: those that are missing where the
   * mapping is strict, and those that hold something else than text.
   *
   * @throws LoadException with what to add to the mapping
   */
  public void requireRoomFor(ModelStamp stamp) throws LoadException {
    for (String field : stamp.fields().keySet()) {
      for (JsonNode mapping : mappings) {
        requireRoomFor(field, mapping);
      }
    }
  }

  private void requireRoomFor(String field, JsonNode mapping) throws LoadException {
    String dynamic = mapping.path("dynamic").asText("true");
    JsonNode at = mapping;
    for (String name : FieldPath.of(field).names()) {
      dynamic = at.path("dynamic").asText(dynamic);
      at = at.path("properties").path(name);
    }
    if (at.isMissingNode()) {
      if (dynamic.startsWith("strict")) {
        throw new LoadException(
            ("the mapping of '%s' is %s and has no field '%s'; add it with type keyword, or load"
                    + " without --model and --version")
                .formatted(index, dynamic, field));
      }
    } else if (!TEXTS.contains(at.path("type").asText("object"))) {
      throw new LoadException(
          "field '%s' of index '%s' has type %s, but the name of a model or version is text"
              .formatted(field, index, at.path("type").asText("object")));
    }
  }
}
