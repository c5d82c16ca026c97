/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;

/** Plans, counters and nested vectors of {@code nearest} over HTTP. */
public class NearestIT {

  @ClassRule public static final SharedServer SERVER = new SharedServer();

  private static final int SIZE = 5000;
  private static final String VECTOR = "[0.3,-0.2,0.9,0.1,0.4,-0.5,0.2,0.7]";

  private final Server server = SERVER.server();

  @Before
  public void createIndices() throws Exception {
    if (server.request("HEAD", "/books", null).status() == 404) {
      LifecycleIT.createIndex(server, "books", "default");
      LifecycleIT.index(server, "books", SIZE);
      ok(server.post("/books/_forcemerge?max_num_segments=1", ""));
      ok(server.post("/books/_refresh", ""));
      ok(
          server.put(
              "/articles",
              "{\"settings\": {\"index.affinity\": true, \"number_of_shards\": 1,"
                  + " \"number_of_replicas\": 0}, \"mappings\": {\"properties\": {\"genre\":"
                  + " {\"type\": \"keyword\"}, \"passages\": {\"type\": \"nested\","
                  + " \"properties\": {\"lang\": {\"type\": \"keyword\"}, \"meaning\": {\"type\":"
                  + " \"embedding\", \"dimension\": 2, \"method\": {\"name\":"
                  + " \"hnsw\"}}}}}}}"));
      for (int i = 1; i <= 6; i++) {
        String passages =
            "{\"lang\": \"en\", \"meaning\": [%d, 0]}, {\"lang\": \"fr\", \"meaning\": [%d, 1]}"
                .formatted(i, i);
        ok(
            server.put(
                "/articles/_doc/" + i + "?refresh=true",
                "{\"genre\": \"g" + i % 2 + "\", \"passages\": [" + passages + "]}"));
      }
    }
  }

  @Test
  public void testProfileAndExplainTellThePlan() throws Exception {
    JsonNode body = search("books", "\"profile\": true, \"explain\": true", nearest("\"k\": 5"));
    String profile = body.at("/profile/shards/0/searches/0/query/0/description").asText();
    assertTrue(
        profile,
        profile.matches("nearest\\[taste\\] k=5 ef_search=100: 1 segment: ivf 1 \\(1 list, .*"));
    assertTrue(profile, profile.endsWith(", 100 rescored)"));
    JsonNode explanation = body.at("/hits/hits/0/_explanation");
    String text = explanation.get("description").asText();
    assertTrue(text, text.startsWith("nearest[taste] k=5 ef_search=100, score "));
    assertTrue(text, text.contains(" of inner product "));
    String plan = explanation.at("/details/0/description").asText();
    assertTrue(plan, plan.startsWith("found by 1 segment: ivf 1 (1 list, "));
    JsonNode exact =
        search(
            "books",
            "\"profile\": true",
            nearest(
                "\"k\": 5, \"exact\": true, \"filter\": {\"range\": {\"popularity\":"
                    + " {\"lt\": 100}}}"));
    String described = exact.at("/profile/shards/0/searches/0/query/0/description").asText();
    assertTrue(described, described.contains("1 segment: exact 1 ("));
    assertTrue(described, described.contains("; filter passed "));
  }

  @Test
  public void testSearchesAreCounted() throws Exception {
    JsonNode before = searches();
    search("books", "\"size\": 5", nearest("\"k\": 5"));
    search("books", "\"size\": 5", nearest("\"k\": 5, \"exact\": true"));
    JsonNode after = searches();
    assertEquals(1, after.get("ann").asLong() - before.get("ann").asLong());
    assertEquals(1, after.get("exact").asLong() - before.get("exact").asLong());
    assertEquals(100, after.get("rescored").asLong() - before.get("rescored").asLong());
    assertTrue(after.get("candidates").asLong() - before.get("candidates").asLong() > SIZE);
    assertEquals(1, after.get("lists_probed").asLong() - before.get("lists_probed").asLong());
  }

  private JsonNode searches() throws Exception {
    return server
        .get("/books/_affinity/stats")
        .body()
        .at("/indices/books/primaries/taste/searches");
  }

  @Test
  public void testNestedVectorsFindDocuments() throws Exception {
    assertEquals(List.of("1", "2", "3"), passages(3, null));
    assertEquals(List.of("2", "4", "6"), passages(3, "{\"term\": {\"genre\": \"g0\"}}"));
    assertEquals(
        List.of("2", "4"),
        passages(
            2,
            "{\"bool\": {\"filter\": [{\"term\": {\"genre\": \"g0\"}}, {\"term\":"
                + " {\"passages.lang\": \"fr\"}}]}}"));
  }

  private List<String> passages(int k, String filter) throws Exception {
    String nearest =
        "{\"nearest\": {\"passages.meaning\": {\"vector\": [0, 0], \"k\": "
            + k
            + (filter == null ? "" : ", \"filter\": " + filter)
            + "}}}";
    JsonNode body =
        search(
            "articles",
            "\"size\": 10",
            "{\"nested\": {\"path\": \"passages\", \"score_mode\": \"max\", \"inner_hits\": {},"
                + " \"query\": "
                + nearest
                + "}}");
    List<String> ids = new ArrayList<>();
    for (JsonNode hit : body.at("/hits/hits")) {
      ids.add(hit.get("_id").asText());
      JsonNode inner = hit.at("/inner_hits/passages/hits/hits");
      assertEquals(1, inner.size());
      boolean french = filter != null && filter.contains("fr");
      assertEquals(french ? 1 : 0, inner.at("/0/_nested/offset").asInt());
    }
    return ids;
  }

  @Test
  public void testAParameterOfAnotherMethodIsRefused() throws Exception {
    Server.Reply reply =
        server.search(
            "articles",
            "{\"query\": {\"nested\": {\"path\": \"passages\", \"query\": {\"nearest\":"
                + " {\"passages.meaning\": {\"vector\": [0, 0], \"k\": 5, \"method_parameters\":"
                + " {\"nprobes\": 3}}}}}}}");
    assertEquals(reply.toString(), 400, reply.status());
    assertTrue(
        reply.toString(), reply.toString().contains("nprobes] is for fields of method [ivf]"));
  }

  private static String nearest(String options) {
    return "{\"nearest\": {\"taste\": {\"vector\": " + VECTOR + ", " + options + "}}}";
  }

  private JsonNode search(String index, String options, String query) throws Exception {
    Server.Reply reply = server.search(index, "{" + options + ", \"query\": " + query + "}");
    assertEquals(reply.toString(), 200, reply.status());
    return reply.body();
  }

  private static void ok(Server.Reply reply) {
    assertTrue(reply.toString(), reply.status() < 300);
  }
}
