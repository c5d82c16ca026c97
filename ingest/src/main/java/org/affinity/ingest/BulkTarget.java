/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.util.Map;
import java.util.TreeSet;

/**
 * The field that is loaded, as the server describes it. It is looked up before anything is sent:
 * {@code _bulk} would otherwise create a missing index by itself, with a field that is no
 * embedding.
 *
 * @param index the index or alias
 * @param field the field, with dots where it is inside an object
 * @param dimension the dimension of its vectors
 * @param indexId the unique id of the index, by which a later one of the same name is told apart;
 *     empty where the server does not show it
 */
public record BulkTarget(String index, String field, int dimension, String indexId) {
  private static final String TYPE = "embedding";

  /**
   * Looks the field up.
   *
   * @param server the server
   * @param index the index or alias
   * @param field the field
   * @return the target
   * @throws IOException if the server is not there, or has no such field; the message says which
   */
  public static BulkTarget find(ServerConnection server, String index, String field)
      throws IOException, InterruptedException {
    requireOne(index);
    String path = "/" + ServerConnection.segment(index);
    Reply reply;
    try {
      reply = server.send("GET", path + "/_mapping/field/" + ServerConnection.segment(field));
    } catch (ConnectException e) {
      throw new LoadException("no server answers at " + server.endpoint(), e);
    }
    Reply settings =
        server.send(
            "GET", path + "/_settings/index.uuid,index.verified_before_close?flat_settings=true");
    requireOpen(settings);
    if (reply.status() == 404) { // a closed index too has no fields
      throw new LoadException(
          "there is no index '%s' at %s; create it with a field '%s' of type embedding first"
              .formatted(index, server.endpoint(), field));
    }
    if (!reply.isOk()) {
      throw new LoadException(
          "looking up '%s' answered %d: %s%s"
              .formatted(index, reply.status(), reply.reason(), advice(reply.status())));
    }
    int dimension = 0;
    for (JsonNode each : reply.body()) {
      dimension = dimensionOf(each.path("mappings").path(field).path("mapping"), index, field);
    }
    if (dimension == 0) {
      throw new LoadException("there is no index '" + index + "' at " + server.endpoint());
    }
    return new BulkTarget(index, field, dimension, indexId(settings));
  }

  private static String advice(int status) {
    return switch (status) {
      case 401 -> "; log in with --user, or with --header 'Authorization: …'";
      case 403 -> "; this user may not read the index's mapping";
      default -> "";
    };
  }

  /** The same with another dimension. */
  public BulkTarget withDimension(int other) {
    return new BulkTarget(index, field, other, indexId);
  }

  /**
   * Refuses an alias of several indices of which none is its write index.
   *
   * @throws IOException with which
   */
  public void requireWritable(ServerConnection server) throws IOException, InterruptedException {
    if (indexId.indexOf(',') < 0) {
      return;
    }
    Reply reply = server.send("GET", "/_alias/" + ServerConnection.segment(index));
    for (JsonNode each : reply.body()) {
      if (each.path("aliases").path(index).path("is_write_index").asBoolean()) {
        return;
      }
    }
    throw new LoadException(
        "'%s' is an alias of several indices, none of them its write index; name one index"
            .formatted(index));
  }

  private static void requireOpen(Reply settings) throws LoadException {
    for (Map.Entry<String, JsonNode> each : settings.body().properties()) {
      if (each.getValue().path("settings").path("index.verified_before_close").asBoolean()) {
        throw new LoadException("index '" + each.getKey() + "' is closed; open it first");
      }
    }
  }

  /** A pattern finds mappings, but is no place to write to. */
  private static void requireOne(String index) throws LoadException {
    if (index.isEmpty() || index.matches("[_-].*|.*[*?,].*")) {
      throw new LoadException(
          "'%s' names no single index; give the name of one index or alias, without * ? or comma,"
                  .formatted(index)
              + " and with neither _ nor - in front");
    }
  }

  private static int dimensionOf(JsonNode mapping, String index, String field)
      throws LoadException {
    if (mapping.isEmpty()) {
      throw new LoadException(
          "index '%s' has no field '%s'; add it to the mapping with type embedding"
              .formatted(index, field));
    }
    JsonNode definition = mapping.elements().next();
    String type = definition.path("type").asText();
    if (!type.equals(TYPE)) {
      throw new LoadException(
          "field '%s' of index '%s' has type %s, not embedding".formatted(field, index, type));
    }
    return definition.path("dimension").asInt();
  }

  private static String indexId(Reply settings) {
    TreeSet<String> ids = new TreeSet<>();
    if (settings.isOk()) {
      for (Map.Entry<String, JsonNode> each : settings.body().properties()) {
        ids.add(each.getValue().path("settings").path("index.uuid").asText());
      }
    }
    return String.join(",", ids);
  }
}
