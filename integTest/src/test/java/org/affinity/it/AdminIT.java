/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;

/** Statistics and warmup over HTTP. */
public class AdminIT {

  @ClassRule public static final SharedServer SERVER = new SharedServer();

  private static final int SIZE = 5000;

  private final Server server = SERVER.server();

  @Before
  public void createIndices() throws Exception {
    if (server.request("HEAD", "/books", null).status() == 404) {
      LifecycleIT.createIndex(server, "books", "default");
      LifecycleIT.index(server, "books", SIZE);
      assertEquals(200, server.post("/books/_forcemerge?max_num_segments=1", "").status());
      assertEquals(200, server.post("/books/_refresh", "").status());
      assertEquals(
          200, server.put("/plain", "{\"settings\": {\"number_of_replicas\": 0}}").status());
    }
  }

  @Test
  public void testStatsOfAnIndex() throws Exception {
    JsonNode body = get("/books/_affinity/stats?human");
    assertEquals(1, body.at("/_shards/successful").asInt());
    assertEquals(0, body.at("/_shards/failed").asInt());
    JsonNode field = body.at("/indices/books/primaries/taste");
    assertEquals(field, body.at("/indices/books/total/taste"));
    assertEquals(SIZE, field.get("vectors").asInt());
    assertEquals(SIZE, field.get("live").asInt());
    assertEquals(1, field.at("/segments/formats/AffinityIvfPq1").asInt());
    assertEquals(1, field.at("/segments/searched/lists").asInt());
    assertEquals(4L * 8 * SIZE, field.at("/bytes/raw_in_bytes").asLong());
    assertTrue(field.at("/bytes/raw").asText().endsWith("kb"));
    assertInFiles(field, "raw", "vec");
    assertInFiles(field, "lists", "ivl");
    JsonNode codebook = field.at("/codebooks/0");
    assertEquals(16, codebook.get("id").asText().length());
    assertEquals(SIZE, codebook.get("vectors").asInt());
    assertTrue(codebook.at("/training/relative_error").asDouble() < 1);
    assertTrue(codebook.at("/training/trials").size() > 1);

    JsonNode filtered =
        get("/books/_affinity/stats?filter_path=indices.*.primaries.*.vectors&pretty");
    assertEquals(
        "{\"indices\":{\"books\":{\"primaries\":{\"taste\":{\"vectors\":" + SIZE + "}}}}}",
        filtered.toString());
  }

  @Test
  public void testStatsOfNodes() throws Exception {
    JsonNode body = get("/_plugins/_affinity/stats");
    assertEquals(1, body.at("/_nodes/successful").asInt());
    JsonNode node = body.get("nodes").elements().next();
    assertTrue(node.toString(), node.get("kernels").asText().contains("Java"));
    assertEquals(SIZE, node.at("/indices/books/taste/vectors").asInt());
    assertFalse(node.get("indices").has("plain"));
    assertEquals(body.get("nodes"), get("/_plugins/_affinity/stats/_local").get("nodes"));
    assertEquals(0, get("/_plugins/_affinity/stats/absent").get("nodes").size());
  }

  @Test
  public void testWarmup() throws Exception {
    Server.Reply reply = server.post("/books/_affinity/warmup", null);
    assertEquals(reply.toString(), 200, reply.status());
    JsonNode shard = reply.body().at("/indices/books/0");
    assertEquals(SIZE, shard.get("vectors").asInt());
    assertTrue(shard.at("/bytes/lists_in_bytes").asLong() > 0);
    assertFalse(shard.get("bytes").has("raw_in_bytes"));
    JsonNode raw = server.post("/books/_affinity/warmup?raw=true", null).body();
    assertEquals(4L * 8 * SIZE, raw.at("/indices/books/0/bytes/raw_in_bytes").asLong());
  }

  @Test
  public void testWarmupAsATask() throws Exception {
    Server.Reply reply = server.post("/books/_affinity/warmup?wait_for_completion=false", null);
    assertEquals(reply.toString(), 200, reply.status());
    String task = "/_tasks/" + reply.body().get("task").asText();
    JsonNode done = get(task + "?wait_for_completion=true&timeout=30s");
    assertTrue(done.toString(), done.get("completed").asBoolean());
    assertEquals("indices:admin/affinity/warmup", done.at("/task/action").asText());
    assertEquals("warmup of [books]", done.at("/task/description").asText());
    assertTrue(done.at("/task/cancellable").asBoolean());
    assertEquals(SIZE, done.at("/response/indices/books/0/vectors").asInt());
  }

  @Test
  public void testIndicesWithoutEmbeddingsAndBadRequests() throws Exception {
    assertEquals("{}", get("/plain/_affinity/stats").get("indices").toString());
    assertEquals(200, server.post("/plain/_affinity/warmup", null).status());
    assertEquals(404, server.get("/absent/_affinity/stats").status());
    assertEquals(404, server.post("/absent/_affinity/warmup", null).status());
    assertEquals(200, server.get("/absent/_affinity/stats?ignore_unavailable=true").status());
    assertEquals(200, server.get("/abs*,books/_affinity/stats").status());
    for (String path :
        new String[] {
          "/books/_affinity/stats?frob=1",
          "/_plugins/_affinity/stats?frob=1",
          "/_plugins/_affinity/stats/_all?frob=1"
        }) {
      assertRefused(server.get(path), "unrecognized parameter: [frob]");
    }
    assertRefused(server.post("/books/_affinity/warmup?frob=1", null), "[frob]");
    assertRefused(server.post("/books/_affinity/warmup?raw=maybe", null), "[maybe]");
    assertEquals(405, server.post("/books/_affinity/stats", null).status());
  }

  private void assertInFiles(JsonNode field, String kind, String extension) throws Exception {
    long bytes = field.at("/bytes/" + kind + "_in_bytes").asLong();
    assertTrue(kind + " " + bytes, bytes > 0 && bytes < server.bytesOf(extension));
  }

  private JsonNode get(String path) throws Exception {
    Server.Reply reply = server.get(path);
    assertEquals(reply.toString(), 200, reply.status());
    return reply.body();
  }

  private static void assertRefused(Server.Reply reply, String words) {
    assertEquals(reply.toString(), 400, reply.status());
    assertTrue(reply.toString(), reply.toString().contains(words));
  }
}
