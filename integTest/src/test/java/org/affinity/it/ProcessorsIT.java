/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;

/** Pipelines on the real server: the requests of docs/pipelines.md, bulks, reindex, simulate. */
public class ProcessorsIT {

  @ClassRule public static final SharedServer SERVER = new SharedServer();

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ITEMS = 3_000;
  private static final int DIMENSION = 64;
  private static final Pattern REQUEST =
      Pattern.compile("```json\n([A-Z]+) (\\S+)\n(.*?)```", Pattern.DOTALL);

  private static List<float[]> vectors;

  private final Server server = SERVER.server();

  @BeforeClass
  public static void loadVectors() throws Exception {
    GoodbooksData data = new GoodbooksData(Path.of(System.getProperty("affinity.goodbooks")));
    vectors = data.exists() ? data.fvecs("item-als64-gen2.fvecs") : generated();
    vectors = vectors.subList(0, ITEMS);
    create("factors", "\"taste\": " + embedding());
    StringBuilder bulk = new StringBuilder();
    for (int i = 0; i < ITEMS; i++) {
      bulk.append("{\"index\": {\"_index\": \"factors\", \"_id\": \"").append(i).append("\"}}\n");
      bulk.append("{\"taste\": ").append(Arrays.toString(vectors.get(i))).append("}\n");
    }
    assertNoErrors(SERVER.server().post("/_bulk?refresh=true", bulk.toString()));
    put("factor", lookup(""));
  }

  private static List<float[]> generated() {
    Random random = new Random(64);
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < ITEMS; i++) {
      float[] row = new float[DIMENSION];
      for (int d = 0; d < DIMENSION; d++) {
        row[d] = (float) random.nextGaussian();
      }
      rows.add(row);
    }
    return rows;
  }

  private static String embedding() {
    return "{\"type\": \"embedding\", \"dimension\": 64, \"space_type\": \"innerproduct\"}";
  }

  private static void create(String index, String properties, String... settings) throws Exception {
    Server.Reply reply =
        SERVER
            .server()
            .put(
                "/" + index,
                "{\"settings\": {\"index.affinity\": true, \"number_of_replicas\": 0"
                    + String.join("", settings)
                    + "}, \"mappings\": {\"properties\": {"
                    + properties
                    + "}}}");
    assertEquals(reply.toString(), 200, reply.status());
  }

  private static void put(String pipeline, String... processors) throws Exception {
    Server.Reply reply =
        SERVER
            .server()
            .put(
                "/_ingest/pipeline/" + pipeline,
                "{\"processors\": [" + String.join(", ", processors) + "]}");
    assertEquals(reply.toString(), 200, reply.status());
  }

  private static String lookup(String options) {
    return "{\"embedding_lookup\": {\"field\": \"book\", \"index\": \"factors\","
        + " \"target_field\": \"taste\""
        + options
        + "}}";
  }

  private static void assertNoErrors(Server.Reply reply) {
    assertEquals(reply.toString(), 200, reply.status());
    assertFalse(reply.toString(), reply.body().get("errors").asBoolean());
  }

  private static String books(String index, int from, int to) {
    StringBuilder bulk = new StringBuilder();
    for (int i = from; i < to; i++) {
      bulk.append("{\"index\": {\"_index\": \"").append(index);
      bulk.append("\", \"_id\": \"b").append(i).append("\"}}\n");
      bulk.append("{\"title\": \"Book ").append(i).append("\", \"book\": ").append(i).append("}\n");
    }
    return bulk.toString();
  }

  private void assertHasVectors(String index, int... items) throws Exception {
    for (int item : items) {
      JsonNode taste = server.get("/" + index + "/_doc/b" + item).body().at("/_source/taste");
      float[] stored = new float[taste.size()];
      for (int d = 0; d < stored.length; d++) {
        stored[d] = (float) taste.get(d).doubleValue();
      }
      assertTrue("vector of b" + item, Arrays.equals(vectors.get(item), stored));
    }
  }

  private int countOfVectors(String index) throws Exception {
    server.post("/" + index + "/_refresh", null);
    return server
        .post("/" + index + "/_count", "{\"query\": {\"exists\": {\"field\": \"taste\"}}}")
        .body()
        .get("count")
        .asInt();
  }

  @Test
  public void testEveryRequestOfTheDocumentation() throws Exception {
    Path docs = Path.of(System.getProperty("affinity.examples"), "../docs/pipelines.md");
    Matcher requests = REQUEST.matcher(Files.readString(docs));
    int count = 0;
    while (requests.find()) {
      String body = requests.group(3);
      boolean lines = requests.group(2).equals("/_bulk");
      Server.Reply reply =
          server.request(requests.group(1), requests.group(2), lines ? body : body.strip());
      assertTrue(requests.group() + "\n" + reply, reply.status() < 300);
      assertFalse(requests.group() + "\n" + reply, reply.body().findPath("errors").asBoolean());
      assertTrue(requests.group() + "\n" + reply, reply.body().findValues("error").isEmpty());
      count++;
    }
    assertTrue("requests in the documentation: " + count, count > 15);
    assertSource("5", "taste", "[2.1,0.2,0.0,0.4]");
    assertSource("7", "taste", "[0.33333334,1.3333334,0.16666667,0.6666667]");
    assertSource(
        "7",
        "taste_from",
        "{\"missing\":[\"authors=nobody\"],\"used\":[\"brand=acme\",\"authors=le guin\"]}");
    assertSource("8", "mixed", "[0.0,0.0,0.0,0.0,0.0,2.0,0.0,1.0]");
    assertMessage("PUT", "/shop/_doc/4?pipeline=decode", "{\"vec\": [1, 2, 3]}", 400);
    assertMessage("PUT", "/shop/_doc/6?pipeline=owner", "{\"owner\": \"bob\"}", 400);
    assertMessage("PUT", "/shop/_doc/9?pipeline=cold", "{\"brand\": \"none\"}", 400);
  }

  private void assertSource(String id, String field, String value) throws Exception {
    JsonNode found = server.get("/shop/_doc/" + id).body().at("/_source/" + field);
    assertEquals(JSON.readTree(value), found);
  }

  /** The refusal's words stand in the documentation. */
  private void assertMessage(String method, String path, String body, int status) throws Exception {
    Server.Reply reply = server.request(method, path, body);
    assertEquals(reply.toString(), status, reply.status());
    String reason = reply.body().at("/error/root_cause/0/reason").asText();
    String docs =
        Files.readString(Path.of(System.getProperty("affinity.examples"), "../docs/pipelines.md"));
    assertTrue(reason, docs.contains(reason));
  }

  @Test
  public void testDefaultPipelineServesALargeBulkAndNeighboursAreFound() throws Exception {
    create("by-default", "\"taste\": " + embedding(), ", \"default_pipeline\": \"factor\"");
    assertNoErrors(server.post("/_bulk?refresh=true", books("by-default", 0, ITEMS)));
    assertEquals(ITEMS, countOfVectors("by-default"));
    assertHasVectors("by-default", 0, 1, 1023, 1024, ITEMS - 1);
    Server.Reply reply =
        server.search(
            "by-default",
            "{\"query\": {\"nearest\": {\"taste\": {\"from\": {\"document\": {\"index\":"
                + " \"factors\", \"id\": \"17\"}}, \"k\": 5}}}}");
    assertEquals(reply.toString(), 5, reply.body().at("/hits/hits").size());
  }

  @Test
  public void testFinalPipelineNamesTheBadAmongTheGood() throws Exception {
    create("at-last", "\"taste\": " + embedding(), ", \"final_pipeline\": \"factor\"");
    String bad =
        """
        {"index": {"_index": "at-last", "_id": "unknown"}}
        {"book": 999999}
        {"index": {"_index": "at-last", "_id": "none"}}
        {"title": "x"}
        """;
    Server.Reply reply =
        server.post("/_bulk", books("at-last", 0, 500) + bad + books("at-last", 500, 1000));
    assertEquals(200, reply.status());
    for (JsonNode item : reply.body().get("items")) {
      String id = item.at("/index/_id").asText();
      int expected = id.startsWith("b") ? 201 : 400;
      assertEquals(item.toString(), expected, item.at("/index/status").asInt());
    }
    String unknown = reply.body().at("/items/500/index/error").toString();
    assertTrue(unknown, unknown.contains("document [factors/999999] does not exist"));
    String none = reply.body().at("/items/501/index/error").toString();
    assertTrue(none, none.contains("field [book] of document [at-last/none] is missing"));
    assertEquals(1000, countOfVectors("at-last"));
  }

  @Test
  public void testReindexAndUpdateByQuery() throws Exception {
    create("bare", "\"taste\": " + embedding());
    assertNoErrors(server.post("/_bulk?refresh=true", books("bare", 0, ITEMS)));
    assertEquals(0, countOfVectors("bare"));
    create("copy", "\"taste\": " + embedding());
    Server.Reply copied =
        server.post(
            "/_reindex",
            "{\"source\": {\"index\": \"bare\"}, \"dest\": {\"index\": \"copy\", \"pipeline\":"
                + " \"factor\"}}");
    assertEquals(copied.toString(), ITEMS, copied.body().get("created").asInt());
    assertEquals(ITEMS, countOfVectors("copy"));
    assertHasVectors("copy", 5, ITEMS - 1);
    Server.Reply updated = server.post("/bare/_update_by_query?pipeline=factor", null);
    assertEquals(updated.toString(), ITEMS, updated.body().get("updated").asInt());
    assertEquals(ITEMS, countOfVectors("bare"));
    assertHasVectors("bare", 5, ITEMS - 1);
  }

  @Test
  public void testOneByOneUnderAConditionABulkStillGetsThrough() throws Exception {
    put("if", lookup(", \"if\": \"ctx.book != null\""));
    create("under-if", "\"taste\": " + embedding(), ", \"default_pipeline\": \"if\"");
    assertNoErrors(server.post("/_bulk?refresh=true", books("under-if", 0, ITEMS)));
    assertEquals(ITEMS, countOfVectors("under-if"));
  }

  @Test
  public void testSimulateShowsEachStepAndEachRefusal() throws Exception {
    put("steps", lookup(""), "{\"embedding\": {\"field\": \"taste\", \"normalize\": true}}");
    String docs =
        "{\"docs\": [{\"_index\": \"x\", \"_id\": \"1\", \"_source\": {\"book\": 3}},"
            + " {\"_index\": \"x\", \"_id\": \"2\", \"_source\": {\"book\": -1}}]}";
    Server.Reply plain = server.post("/_ingest/pipeline/steps/_simulate", docs);
    assertEquals(plain.toString(), 200, plain.status());
    double norm = 0;
    for (JsonNode value : plain.body().at("/docs/0/doc/_source/taste")) {
      norm += value.asDouble() * value.asDouble();
    }
    assertEquals(1, norm, 1e-5);
    assertTrue(
        plain.toString(),
        plain.body().at("/docs/1/error/reason").asText().contains("[factors/-1] does not exist"));
    Server.Reply verbose = server.post("/_ingest/pipeline/steps/_simulate?verbose=true", docs);
    assertEquals(verbose.toString(), 2, verbose.body().at("/docs/0/processor_results").size());
  }

  @Test
  public void testWhatCannotWorkIsA400ThatNamesTheOption() throws Exception {
    for (String[] bad :
        new String[][] {
          {"embedding", "\"encoding\": \"f16\", \"field\": \"v\"", "[encoding] must be one of"},
          {"embedding_lookup", "\"field\": \"v\", \"index\": \"i\"", "[target_field] required"},
          {
            "embedding_lookup", "\"feild\": 3, \"index\": \"i\", \"target_field\": \"t\"", "[field]"
          },
          {"embedding_combine", "\"target_field\": \"t\", \"inputs\": {}", "[inputs]"},
          {"embedding_hash", "\"method\": \"signed\", \"field\": \"v\"", "[dimension] required"}
        }) {
      Server.Reply reply =
          server.put(
              "/_ingest/pipeline/bad",
              "{\"processors\": [{\"" + bad[0] + "\": {" + bad[1] + "}}]}");
      assertEquals(reply.toString(), 400, reply.status());
      assertTrue(bad[2] + " in " + reply, reply.toString().contains(bad[2]));
    }
    assertEquals(404, server.get("/_ingest/pipeline/bad").status());
  }

  @Test
  public void testAMissingAndAClosedIndexAreNamed() throws Exception {
    put("elsewhere", lookup("").replace("factors", "nowhere"));
    Server.Reply missing = server.put("/x/_doc/1?pipeline=elsewhere", "{\"book\": 1}");
    assertEquals(missing.toString(), 400, missing.status());
    assertTrue(missing.toString(), missing.toString().contains("there is no index [nowhere]"));
    create("nowhere", "\"taste\": " + embedding());
    assertEquals(200, server.post("/nowhere/_close", null).status());
    Server.Reply closed = server.put("/x/_doc/1?pipeline=elsewhere", "{\"book\": 1}");
    assertEquals(closed.toString(), 400, closed.status());
    assertTrue(closed.toString(), closed.toString().contains("index [nowhere] is closed"));
  }
}
