/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import org.affinity.ingest.ServerConnection;

/** Makes, fills and searches indices of one shard. For one thread. */
public final class BenchServer {

  private static final int BATCH = 1000;

  private final ServerConnection server;
  private final StringBuilder bulk = new StringBuilder();
  private int inBulk;

  /** Over a connection. */
  public BenchServer(ServerConnection server) {
    this.server = server;
  }

  /** An index with these properties in its mapping, which is refreshed only by {@link #merge}. */
  public void create(String index, String properties) throws IOException, InterruptedException {
    Answers.expect(
        server.send(
            "PUT",
            "/" + index,
            """
            {"settings": {"index.affinity": true, "number_of_shards": 1, "number_of_replicas": 0,
              "refresh_interval": "-1"}, "mappings": {"properties": %s}}
            """
                .formatted(properties)));
  }

  /** Adds a document, which is sent with others. */
  public void add(String index, String id, ObjectNode document)
      throws IOException, InterruptedException {
    bulk.append("{\"index\":{\"_index\":\"").append(index).append("\",\"_id\":\"").append(id);
    bulk.append("\"}}\n").append(document).append('\n');
    if (++inBulk == BATCH) {
      flush();
    }
  }

  /** Sends what was added. */
  public void flush() throws IOException, InterruptedException {
    if (inBulk == 0) {
      return;
    }
    JsonNode said =
        Answers.expect(
            server.send("POST", "/_bulk?filter_path=errors,items.*.error", bulk.toString()));
    if (said.path("errors").asBoolean()) {
      throw new IOException("the server refused documents: " + said.path("items").path(0));
    }
    bulk.setLength(0);
    inBulk = 0;
  }

  /** Merges an index into one segment and makes all of it visible. */
  public void merge(String index) throws IOException, InterruptedException {
    // As a task from the start: what a refresh would write first may take minutes to learn.
    Answers.await(
        server, "/" + index + "/_forcemerge?max_num_segments=1&wait_for_completion=false");
    Answers.expect(server.send("POST", "/" + index + "/_flush"));
    Answers.expect(server.send("POST", "/" + index + "/_refresh"));
  }

  /** Deletes indices, if they are there. */
  public void drop(List<String> indices) throws IOException, InterruptedException {
    for (String index : indices) {
      server.send("DELETE", "/" + index + "?ignore_unavailable=true");
    }
  }

  /** The answer to a GET. */
  public JsonNode get(String path) throws IOException, InterruptedException {
    return Answers.expect(server.send("GET", path));
  }

  /** The answer to a POST. */
  public JsonNode post(String path, String body) throws IOException, InterruptedException {
    return Answers.expect(server.send("POST", path, body));
  }

  /** A vector as the field type takes it: base64 of little-endian float32. */
  public static String base64(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
