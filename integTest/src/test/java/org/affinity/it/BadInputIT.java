/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;

/** Bad input over HTTP: a 4xx that says what to change, and an index that goes on. */
public class BadInputIT {

  @ClassRule public static final SharedServer SERVER = new SharedServer();

  private final Server server = SERVER.server();

  @Before
  public void createIndices() throws Exception {
    for (String index : new String[] {"ip", "cosine"}) {
      if (server.request("HEAD", "/" + index, null).status() == 404) {
        String space = index.equals("ip") ? "innerproduct" : "cosinesimil";
        Server.Reply reply =
            server.put(
                "/" + index,
                "{\"settings\": {\"index.affinity\": true, \"number_of_replicas\": 0},"
                    + " \"mappings\": {\"properties\": {\"title\": {\"type\": \"text\"},"
                    + " \"taste\": {\"type\": \"embedding\", \"dimension\": 3, \"space_type\": \""
                    + space
                    + "\"}}}}");
        assertEquals(reply.toString(), 200, reply.status());
        assertEquals(201, server.put("/" + index + "/_doc/1?refresh=true", GOOD).status());
      }
    }
  }

  private static final String GOOD = "{\"title\": \"dragon\", \"taste\": [1, 2, 3]}";

  @Test
  public void testBadDocuments() throws Exception {
    assertDocumentRefused(
        "ip", "[1, 2]", "field [taste] has [2] values, the mapping says [dimension: 3]");
    assertDocumentRefused("ip", "[1, \"NaN\", 3]", "[NaN] at position [1]");
    assertDocumentRefused("ip", "[1, 2, 1e300]", "[Infinity] at position [2]");
    assertDocumentRefused("ip", base64(1, Float.NaN, 3), "[NaN] at position [1]");
    assertDocumentRefused("ip", base64(Float.NEGATIVE_INFINITY, 2, 3), "at position [0]");
    assertDocumentRefused("cosine", "[0, 0, 0]", "zero vector");
    assertDocumentRefused("ip", "\"%%%\"", "not valid base64");
    assertDocumentRefused("ip", "\"AAAA\"", "not a multiple of 4");
    assertDocumentRefused("ip", "{\"x\": 1}", "give an array of numbers or base64");
    assertDocumentRefused("ip", "[[1, 2, 3]]", "not a number");
  }

  @Test
  public void testBulkStoresTheGoodAndNamesTheBad() throws Exception {
    Server.Reply reply =
        server.post(
            "/_bulk?refresh=true",
            "{\"index\": {\"_index\": \"ip\", \"_id\": \"good1\"}}\n"
                + GOOD
                + "\n{\"index\": {\"_index\": \"ip\", \"_id\": \"bad\"}}\n{\"taste\": [1]}\n"
                + "{\"index\": {\"_index\": \"ip\", \"_id\": \"good2\"}}\n"
                + GOOD
                + "\n");
    assertEquals(200, reply.status());
    int[] expected = {201, 400, 201};
    for (int i = 0; i < 3; i++) {
      JsonNode item = reply.body().at("/items/" + i + "/index");
      assertEquals(item.toString(), expected[i], item.get("status").asInt());
    }
    JsonNode bad = reply.body().at("/items/1/index");
    assertTrue(bad.toString(), bad.toString().contains("document with id 'bad'"));
    assertEquals(200, server.get("/ip/_doc/good2").status());
    assertEquals(404, server.get("/ip/_doc/bad").status());
  }

  @Test
  public void testBadQueries() throws Exception {
    assertQueryRefused(400, nearest("\"vector\": [1, 2], \"k\": 3"), "has [2] values");
    assertQueryRefused(400, nearest("\"vector\": \"A\", \"k\": 3"), "not valid base64");
    assertQueryRefused(400, nearest("\"vector\": [1, 2, 1e39], \"k\": 3"), "[Infinity]");
    assertQueryRefused(400, nearest("\"vector\": [1, 2, 3], \"k\": 0"), "[k] must be between");
    assertQueryRefused(400, nearest("\"vector\": [1, 2, 3]"), "exactly one of [k]");
    assertQueryRefused(
        400, nearest("\"vector\": [1, 2, 3], \"k\": 3, \"fliter\": {}"), "unknown field [fliter]");
    assertQueryRefused(
        400,
        "{\"nearest\": {\"tsate\": {\"vector\": [1, 2, 3], \"k\": 3}}}",
        "failed to find field [tsate]");
    assertQueryRefused(
        400,
        "{\"nearest\": {\"title\": {\"vector\": [1, 2, 3], \"k\": 3}}}",
        "needs a field of type [embedding]");
    assertQueryRefused(400, nearest(from("ip", "none") + ", \"k\": 3"), "[ip/none] does not exist");
    assertQueryRefused(404, nearest(from("absent", "1") + ", \"k\": 3"), "no such index [absent]");
    assertQueryRefused(404, blend(from("absent", "1")), "no such index [absent]");
    assertQueryRefused(
        400,
        blend(
            "\"from\": {\"document\": {\"index\": \"ip\", \"id\": \"x\"}, \"missing\": \"error\"}"),
        "[ip/x] does not exist");
    assertQueryRefused(
        400,
        blend("\"vector\": [1, 2, 3], \"weight\": -1"),
        "must be a number from 0 to 1000000, got [-1.0]");
    assertQueryRefused(400, blend("\"vector\": [1, 2, 3], \"wieght\": 1"), "[wieght]");
    assertQueryRefused(
        400,
        "{\"blend\": {\"query\": {\"match_all\": {}}, \"priors\": [{\"field\": \"nope\","
            + " \"function\": {\"log\": {\"max\": 9}}}]}}",
        "failed to find field [nope]");
    assertQueryRefused(400, "{\"term\": {\"taste\": 3}}", "search it with [nearest] or [blend]");
    Server.Reply zero =
        server.search(
            "cosine", "{\"query\": {\"nearest\": {\"taste\": {\"vector\": [0, 0, 0], \"k\": 1}}}}");
    assertEquals(zero.toString(), 400, zero.status());
  }

  @Test
  public void testBadMappings() throws Exception {
    assertMappingRefused(false, "\"dimension\": 3", "[index.affinity: true]");
    assertMappingRefused(true, "\"space_type\": \"l2\"", "[dimension] is required");
    assertMappingRefused(
        true, "\"dimension\": 3, \"space_type\": \"hamming\"", "[space_type] must be");
    assertMappingRefused(
        true, "\"dimension\": 3, \"method\": {\"name\": \"annoy\"}", "[auto, flat, hnsw, ivf]");
    assertMappingRefused(
        true,
        "\"dimension\": 3, \"compression_level\": \"4x\", \"method\": {\"name\": \"ivf\"}",
        "[ivf] takes encoder [pq]");
    assertMappingRefused(
        true, "\"dimension\": 3, \"mode\": \"on_disk\"", "unknown parameter [mode]");
  }

  private void assertDocumentRefused(String index, String vector, String words) throws Exception {
    Server.Reply reply =
        server.put("/" + index + "/_doc/bad", "{\"title\": \"dragon\", \"taste\": " + vector + "}");
    assertRefused(400, reply, words);
    assertTrue(reply.toString(), reply.toString().contains("document with id 'bad'"));
    assertStillWorks(index);
  }

  private void assertQueryRefused(int status, String query, String words) throws Exception {
    assertRefused(status, server.search("ip", "{\"query\": " + query + "}"), words);
    assertStillWorks("ip");
  }

  private void assertMappingRefused(boolean affinity, String field, String words) throws Exception {
    Server.Reply reply =
        server.put(
            "/bad",
            "{\"settings\": {\"index.affinity\": "
                + affinity
                + "}, \"mappings\": {\"properties\": {\"v\": {\"type\": \"embedding\", "
                + field
                + "}}}}");
    assertRefused(400, reply, words);
  }

  private static void assertRefused(int status, Server.Reply reply, String words) {
    assertEquals(reply.toString(), status, reply.status());
    assertTrue(words + " in " + reply, reply.toString().contains(words));
  }

  private void assertStillWorks(String index) throws Exception {
    assertTrue(server.put("/" + index + "/_doc/1?refresh=true", GOOD).status() < 300);
    Server.Reply reply =
        server.search(
            index, "{\"query\": {\"nearest\": {\"taste\": {\"vector\": [1, 2, 3], \"k\": 1}}}}");
    assertEquals(reply.toString(), 1, reply.body().at("/hits/hits").size());
  }

  private static String nearest(String options) {
    return "{\"nearest\": {\"taste\": {" + options + "}}}";
  }

  private static String blend(String affinity) {
    return "{\"blend\": {\"query\": {\"match\": {\"title\": \"dragon\"}}, \"affinities\":"
        + " [{\"field\": \"taste\", "
        + affinity
        + "}]}}";
  }

  private static String from(String index, String id) {
    return "\"from\": {\"document\": {\"index\": \"" + index + "\", \"id\": \"" + id + "\"}}";
  }

  private static String base64(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return "\"" + Base64.getEncoder().encodeToString(bytes.array()) + "\"";
  }
}
