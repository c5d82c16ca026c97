/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.Test;

/** Install, index, search, restart, uninstall: as an operator does it. */
public class LifecycleIT {

  private static final int SIZE = 6000;

  @Test
  public void testInstallIndexSearchRestartUninstall() throws Exception {
    try (Server server = Server.create()) {
      server.install();
      assertTrue(server.plugin("list").contains("opensearch-affinity"));
      server.start();
      createIndex(server, "books", "best_compression");
      index(server, "books", SIZE);
      assertEquals(200, server.post("/books/_forcemerge?max_num_segments=1", "").status());
      assertEquals(200, server.post("/books/_refresh", "").status());

      Map<String, Double> nearest = scores(server, NEAREST);
      Map<String, Double> blended = scores(server, BLEND);
      assertEquals(50, nearest.size());
      assertEquals(50, blended.size());
      assertTrue("codes were written", server.bytesOf("ivl") > SIZE * 2);

      server.stop();
      server.start();
      assertEquals(nearest, scores(server, NEAREST));
      assertEquals(blended, scores(server, BLEND));
      assertEquals(
          "still writable", 201, server.put("/books/_doc/new?refresh=true", "{}").status());

      assertEquals(200, server.request("DELETE", "/books", null).status());
      server.stop();
      server.plugin("remove", "opensearch-affinity");
      assertFalse(server.plugin("list").contains("opensearch-affinity"));
      server.start();
      assertEquals(400, server.search("_all", NEAREST).status());
    }
  }

  private static final String NEAREST =
      "{\"size\": 50, \"query\": {\"nearest\": {\"taste\": {\"vector\":"
          + " [0.3,-0.2,0.9,0.1,0.4,-0.5,0.2,0.7], \"k\": 50}}}}";

  private static final String BLEND =
      "{\"size\": 50, \"query\": {\"blend\": {\"query\": {\"match\": {\"title\": \"dragon\"}},"
          + " \"affinities\": [{\"field\": \"taste\", \"weight\": 0.5, \"vector\":"
          + " [0.3,-0.2,0.9,0.1,0.4,-0.5,0.2,0.7]}],"
          + " \"priors\": [{\"field\": \"popularity\", \"weight\": 0.2,"
          + " \"function\": {\"saturation\": {\"pivot\": 50}}}]}}}";

  static void createIndex(Server server, String index, String codec) throws Exception {
    Server.Reply created =
        server.put(
            "/" + index,
            "{\"settings\": {\"index.affinity\": true, \"index.codec\": \""
                + codec
                + "\", \"number_of_shards\": 1, \"number_of_replicas\": 0}, \"mappings\":"
                + " {\"properties\": {\"title\": {\"type\": \"text\"}, \"popularity\": {\"type\":"
                + " \"integer\"}, \"taste\": {\"type\": \"embedding\", \"dimension\": 8,"
                + " \"space_type\": \"innerproduct\"}}}}");
    assertEquals(created.toString(), 200, created.status());
  }

  static void index(Server server, String index, int size) throws Exception {
    Random random = new Random(42);
    StringBuilder bulk = new StringBuilder();
    for (int i = 0; i < size; i++) {
      bulk.append("{\"index\": {\"_index\": \"" + index + "\", \"_id\": \"" + i + "\"}}\n");
      bulk.append("{\"title\": \"").append(i % 3 == 0 ? "dragon" : "garden").append(" tale ");
      bulk.append("more ".repeat(i % 5)).append("\", \"popularity\": ").append(i % 300);
      bulk.append(", \"taste\": [");
      for (int d = 0; d < 8; d++) {
        bulk.append(d == 0 ? "" : ",").append((float) random.nextGaussian());
      }
      bulk.append("]}\n");
    }
    Server.Reply reply = server.post("/_bulk?refresh=true", bulk.toString());
    assertEquals(200, reply.status());
    assertFalse(reply.body().get("errors").asBoolean());
  }

  private static Map<String, Double> scores(Server server, String query) throws Exception {
    Server.Reply reply = server.search("books", query);
    assertEquals(reply.toString(), 200, reply.status());
    Map<String, Double> scores = new TreeMap<>();
    for (JsonNode hit : reply.body().at("/hits/hits")) {
      scores.put(hit.get("_id").asText(), hit.get("_score").asDouble());
    }
    return scores;
  }
}
