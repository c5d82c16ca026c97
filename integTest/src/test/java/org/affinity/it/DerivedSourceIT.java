/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.ClassRule;
import org.junit.Test;

/** Vectors once on disk: whole documents wherever they are asked for, and what it saves. */
public class DerivedSourceIT {

  @ClassRule public static final SharedServer SERVER = new SharedServer();

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Server server = SERVER.server();

  private void create(String index, boolean derived, int dimension) throws Exception {
    Server.Reply reply =
        server.put(
            "/" + index,
            "{\"settings\": {\"index.affinity\": true, \"index.affinity.derived_source.enabled\": "
                + derived
                + ", \"index.store.stats_refresh_interval\": \"1ms\", \"number_of_shards\": 1, \"number_of_replicas\": 0}, \"mappings\":"
                + " {\"properties\": {\"title\": {\"type\": \"text\"}, \"authors\": {\"type\":"
                + " \"text\"}, \"taste\": {\"type\": \"embedding\", \"dimension\": "
                + dimension
                + ", \"space_type\": \"innerproduct\"}}}}");
    assertEquals(reply.toString(), 200, reply.status());
    reply = server.get("/_cluster/health/" + index + "?wait_for_status=green&timeout=100s");
    assertEquals(reply.toString(), 200, reply.status());
  }

  private static String document(int i) {
    String vector = "[" + i + ".5,1.0E-4,-3.0]";
    return "{\"title\":\"dragon " + i + "\",\"taste\":" + vector + ",\"n\":" + i + "}";
  }

  private JsonNode source(String index, int id) throws Exception {
    Server.Reply reply = server.get("/" + index + "/_doc/" + id + "?realtime=false");
    assertEquals(reply.toString(), 200, reply.status());
    return reply.body().get("_source");
  }

  private void post(String path, String body) throws Exception {
    Server.Reply reply = server.post(path, body);
    assertEquals(reply.toString(), 200, reply.status());
    JsonNode failures = reply.body().path("failures");
    assertTrue(reply.toString(), failures.isMissingNode() || failures.isEmpty());
    assertFalse(reply.toString(), reply.body().path("errors").asBoolean());
  }

  @Test
  public void testReindexAndUpdateByQueryKeepVectors() throws Exception {
    for (boolean derived : new boolean[] {true, false}) {
      String from = "from-" + derived;
      String to = "to-" + derived;
      create(from, derived, 3);
      create(to, !derived, 3);
      StringBuilder bulk = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        bulk.append("{\"index\":{\"_id\":\"" + i + "\"}}\n").append(document(i)).append('\n');
      }
      post("/" + from + "/_bulk?refresh=true", bulk.toString());
      post(
          "/_reindex?refresh=true",
          "{\"source\": {\"index\": \""
              + from
              + "\", \"size\": 20}, \"dest\": {\"index\": \""
              + to
              + "\"}}");
      post(
          "/" + from + "/_update_by_query?refresh=true&scroll_size=20",
          "{\"query\": {\"range\": {\"n\": {\"lt\": 30}}}, \"script\":"
              + " {\"source\": \"ctx._source.title = ctx._source.title + ' ' +"
              + " ctx._source.taste.size()\"}}");
      Server.Reply update =
          server.post("/" + from + "/_update/40?refresh=true", "{\"doc\": {\"title\": \"new\"}}");
      assertEquals(update.toString(), 200, update.status());
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 50; i++) {
          assertEquals(JSON.readTree(document(i)), source(to, i));
          ObjectNode expected = (ObjectNode) JSON.readTree(document(i));
          if (i < 30) {
            expected.put("title", "dragon " + i + " 3");
          } else if (i == 40) {
            expected.put("title", "new");
          }
          assertEquals(expected, source(from, i));
        }
        post("/" + from + "," + to + "/_forcemerge?max_num_segments=1", "");
        post("/" + from + "," + to + "/_refresh", "");
      }
      JsonNode hit = server.search(from, "{\"size\": 1}").body().at("/hits/hits/0/_source");
      assertTrue(hit.toString(), hit.has("title") && !hit.has("taste"));
      hit =
          server
              .search(from, "{\"size\": 1, \"_source\": [\"taste\"]}")
              .body()
              .at("/hits/hits/0/_source");
      assertEquals(hit.toString(), 3, hit.get("taste").size());
    }
  }

  private record Book(String id, String text, float[] taste) {}

  @Test
  public void testWhatItSaves() throws Exception {
    GoodbooksData data = new GoodbooksData(Path.of(System.getProperty("affinity.goodbooks")));
    assumeTrue("skipped: no goodbooks data at " + data.folder(), data.exists());
    List<float[]> tastes = data.fvecs("item-als64-gen2.fvecs");
    List<Book> books = new ArrayList<>();
    for (Map<String, String> book : data.csv("books.csv")) {
      ObjectNode text = JSON.createObjectNode();
      text.put("title", book.get("title")).put("authors", book.get("authors"));
      String id = book.get("id");
      books.add(new Book(id, text.toString(), tastes.get(Integer.parseInt(id) - 1)));
    }
    StringBuilder report = new StringBuilder();
    for (boolean array : new boolean[] {false, true}) {
      compare(array ? "arrays" : "base64", books, array, report);
    }
    Path file = Path.of(System.getProperty("affinity.reports"), "derived-source-report.txt");
    Files.writeString(file, report);
    System.out.print(report);
  }

  /** Each time is the least of several rounds, in which on and off take turns. */
  private void compare(String form, List<Book> books, boolean array, StringBuilder report)
      throws Exception {
    List<String> bulks = bulks(books, array);
    double[][] least = new double[2][3];
    double[] bytes = new double[2];
    for (double[] row : least) {
      Arrays.fill(row, Double.MAX_VALUE);
    }
    for (int round = 0; round < 3; round++) {
      for (int on = 0; on < 2; on++) {
        String index = form + (on == 1 ? "-on" : "-off");
        server.request("DELETE", "/" + index, null);
        create(index, on == 1, 64);
        long start = System.nanoTime();
        for (String bulk : bulks) {
          post("/" + index + "/_bulk", bulk);
        }
        post("/" + index + "/_flush", "");
        least[on][0] = Math.min(least[on][0], (double) (System.nanoTime() - start));
        post("/" + index + "/_forcemerge?max_num_segments=1", "");
        post("/" + index + "/_refresh", "");
        bytes[on] = bytes(index) / books.size();
        least[on][1] = Math.min(least[on][1], (double) mget(index, books.size()));
        least[on][2] = Math.min(least[on][2], (double) hits(index));
      }
    }
    for (int i = 0; i < 200; i++) {
      int id = 1 + i * 49;
      assertEquals(source(form + "-off", id), source(form + "-on", id));
    }
    report.append(
        String.format(
            Locale.ROOT,
            "%s: bytes per document off %.0f, on %.0f (%.0f%% less); least time on/off: ingest %.2f,"
                + " mget %.2f, search of 1,000 hits %.2f%n",
            form,
            bytes[0],
            bytes[1],
            100 * (1 - bytes[1] / bytes[0]),
            least[1][0] / least[0][0],
            least[1][1] / least[0][1],
            least[1][2] / least[0][2]));
    assertTrue(report.toString(), bytes[0] - bytes[1] > 200);
  }

  private static List<String> bulks(List<Book> books, boolean array) {
    List<String> bulks = new ArrayList<>();
    StringBuilder bulk = new StringBuilder();
    for (Book book : books) {
      bulk.append("{\"index\":{\"_id\":\"").append(book.id()).append("\"}}\n");
      bulk.append(book.text(), 0, book.text().length() - 1).append(",\"taste\":");
      bulk.append(array ? Arrays.toString(book.taste()).replace(" ", "") : base64(book.taste()));
      bulk.append("}\n");
      if (bulk.length() > 1 << 20) {
        bulks.add(bulk.toString());
        bulk.setLength(0);
      }
    }
    bulks.add(bulk.toString());
    return bulks;
  }

  private static String base64(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return "\"" + Base64.getEncoder().encodeToString(bytes.array()) + "\"";
  }

  private double bytes(String index) throws Exception {
    post("/" + index + "/_flush", "");
    return server
        .get("/" + index + "/_stats/store")
        .body()
        .at("/_all/primaries/store/size_in_bytes")
        .asDouble();
  }

  private long mget(String index, int size) throws Exception {
    long start = System.nanoTime();
    for (int batch = 0; batch < 20; batch++) {
      int first = batch;
      String ids =
          IntStream.range(0, 200)
              .mapToObj(i -> "\"" + (1 + (first + i * 47) % size) + "\"")
              .collect(Collectors.joining(","));
      post("/" + index + "/_mget", "{\"ids\": [" + ids + "]}");
    }
    return System.nanoTime() - start;
  }

  private long hits(String index) throws Exception {
    long start = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      post("/" + index + "/_search", "{\"size\": 1000}");
    }
    return System.nanoTime() - start;
  }
}
