/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.FixMethodOrder;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.junit.rules.TestRule;
import org.junit.runner.Description;
import org.junit.runners.MethodSorters;
import org.junit.runners.model.Statement;

/**
 * Real people and real books: goodbooks-10k with ALS factors of generation 2, on the real server.
 * Skipped, by name, where the data is not there.
 */
@FixMethodOrder(MethodSorters.NAME_ASCENDING)
public class GoodbooksIT {

  private static final GoodbooksData DATA =
      new GoodbooksData(Path.of(System.getProperty("affinity.goodbooks")));

  private static final SharedServer SERVER = new SharedServer();

  private static final TestRule NEEDS_DATA =
      (Statement base, Description description) ->
          new Statement() {
            @Override
            public void evaluate() throws Throwable {
              assumeTrue(
                  "GoodbooksIT skipped: no goodbooks data at " + DATA.folder(), DATA.exists());
              base.evaluate();
            }
          };

  @ClassRule public static final RuleChain RULES = RuleChain.outerRule(NEEDS_DATA).around(SERVER);

  private static final String TASTE =
      "\"taste\": {\"type\": \"embedding\", \"dimension\": 64, \"space_type\": \"innerproduct\"}";

  private static final StringBuilder REPORT = new StringBuilder();

  private final Server server = SERVER.server();

  @BeforeClass
  public static void load() throws Exception {
    Server server = SERVER.server();
    create(
        server,
        "books",
        "\"title\": {\"type\": \"text\", \"analyzer\": \"english\"}, \"authors\": {\"type\":"
            + " \"text\"}, \"popularity\": {\"type\": \"integer\"}, "
            + TASTE);
    create(server, "readers", TASTE);
    Map<String, Integer> popularity = new HashMap<>();
    for (Map<String, String> rating : DATA.csv("ratings-train.csv")) {
      popularity.merge(rating.get("book_id"), 1, Integer::sum);
    }
    List<float[]> items = DATA.fvecs("item-als64-gen2.fvecs");
    Bulk books = new Bulk(server, "books");
    long start = System.nanoTime();
    for (Map<String, String> book : DATA.csv("books.csv")) {
      String id = book.get("id");
      books.add(
          id,
          "{\"title\": "
              + quote(book.get("title"))
              + ", \"authors\": "
              + quote(book.get("authors"))
              + ", \"popularity\": "
              + popularity.getOrDefault(id, 0)
              + ", \"taste\": "
              + base64(items.get(Integer.parseInt(id) - 1))
              + "}");
    }
    books.flush();
    List<float[]> users = DATA.fvecs("user-als64-gen2.fvecs");
    List<String> ids = DATA.lines("user-ids-gen2.txt");
    Bulk readers = new Bulk(server, "readers");
    for (int i = 0; i < users.size(); i++) {
      readers.add(ids.get(i), "{\"taste\": " + base64(users.get(i)) + "}");
    }
    readers.flush();
    double seconds = (System.nanoTime() - start) / 1e9;
    report("load: %d documents in %.1f s, %.0f/s", 54_919, seconds, 54_919 / seconds);
    for (String index : List.of("books", "readers")) {
      assertEquals(200, server.post("/" + index + "/_forcemerge?max_num_segments=1", "").status());
      assertEquals(200, server.post("/" + index + "/_refresh", "").status());
    }
    assertEquals(10_000, count(server, "books"));
    assertEquals(44_919, count(server, "readers"));
    JsonNode bytes =
        server.get("/books/_affinity/stats").body().at("/indices/books/primaries/taste/bytes");
    for (String kind : List.of("raw", "lists", "codebook")) {
      double perBook = bytes.get(kind + "_in_bytes").asLong() / 10_000.0;
      report("bytes per book, %s: %.1f", kind, perBook);
      assertTrue(kind + " " + perBook, perBook > 0 && perBook <= 256);
    }
  }

  @Test
  public void test1ExactNearestIsTheGroundTruth() throws Exception {
    List<String> queries = DATA.lines("mips-query-user-ids-gen2.txt");
    List<int[]> truth = DATA.ivecs("mips-groundtruth100-gen2.ivecs");
    List<float[]> truthScores = DATA.fvecs("mips-groundtruth100-score-gen2.fvecs");
    for (int start = 0; start < queries.size(); start += 100) {
      List<JsonNode> replies = nearest(queries.subList(start, start + 100), 100, true);
      for (int i = 0; i < replies.size(); i++) {
        int q = start + i;
        JsonNode hits = replies.get(i).at("/hits/hits");
        assertEquals(100, hits.size());
        for (int rank = 0; rank < 100; rank++) {
          float expected = truthScores.get(q)[rank];
          double score = hits.get(rank).get("_score").asDouble();
          String where = "user " + queries.get(q) + " rank " + rank;
          assertEquals(where, score(expected), score, 1e-4 * score);
          int book = hits.get(rank).get("_id").asInt() - 1;
          if (book != truth.get(q)[rank]) {
            // Another book is right only where the scores tie (to the precision of the truth).
            assertTrue(where, ties(truthScores.get(q), rank));
          }
        }
      }
    }
  }

  private static double score(float product) {
    return product > 0 ? 1 + product : 1 / (1 - product);
  }

  private static boolean ties(float[] scores, int rank) {
    float tolerance = 1e-5f * Math.abs(scores[rank]);
    return (rank > 0 && scores[rank - 1] - scores[rank] <= tolerance)
        || rank + 1 == scores.length
        || scores[rank] - scores[rank + 1] <= tolerance;
  }

  @Test
  public void test2ApproximateRecallIsHigh() throws Exception {
    List<String> queries = DATA.lines("mips-query-user-ids-gen2.txt");
    List<float[]> truthScores = DATA.fvecs("mips-groundtruth100-score-gen2.fvecs");
    int found = 0;
    for (int start = 0; start < queries.size(); start += 100) {
      List<JsonNode> replies = nearest(queries.subList(start, start + 100), 10, false);
      for (int i = 0; i < replies.size(); i++) {
        double worst = score(truthScores.get(start + i)[9]);
        for (JsonNode hit : replies.get(i).at("/hits/hits")) {
          found += hit.get("_score").asDouble() >= worst * (1 - 1e-6) ? 1 : 0;
        }
      }
    }
    double recall = found / (10.0 * queries.size());
    report("recall@10 of nearest with defaults, user to item: %.4f", recall);
    assertTrue("recall@10 " + recall, recall >= 0.95);
    JsonNode profile =
        server
            .search(
                "books",
                "{\"profile\": true, \"query\": " + nearestQuery(queries.get(0), 10, false) + "}")
            .body()
            .get("profile");
    assertTrue(
        "lists of codes were searched: " + profile,
        profile.toString().contains("1 segment: ivf 1 ("));
  }

  private List<JsonNode> nearest(List<String> users, int k, boolean exact) throws Exception {
    StringBuilder requests = new StringBuilder();
    for (String user : users) {
      requests.append("{\"index\": \"books\"}\n");
      requests.append("{\"size\": ").append(k).append(", \"_source\": false, \"query\": ");
      requests.append(nearestQuery(user, k, exact)).append("}\n");
    }
    return responses(server, requests);
  }

  private static String nearestQuery(String user, int k, boolean exact) {
    return "{\"nearest\": {\"taste\": {\"from\": {\"document\": {\"index\": \"readers\", \"id\": \""
        + user
        + "\"}}, \"k\": "
        + k
        + ", \"exact\": "
        + exact
        + "}}}";
  }

  /** Weights are chosen on other readers than those they are judged by, for both rivals alike. */
  @Test
  public void test3BlendRanksHeldOutBooksHigher() throws Exception {
    List<TitleWordQueries.Case> all = TitleWordQueries.sample(DATA, 1200, 42);
    List<TitleWordQueries.Case> tuning = all.subList(0, 200);
    List<TitleWordQueries.Case> judged = all.subList(200, all.size());
    double popularity = best(tuning, weight -> new TitleWordQueries.Weights(0, 1, weight));
    double taste = best(tuning, weight -> new TitleWordQueries.Weights(weight, 7, 0));
    double both = best(tuning, weight -> new TitleWordQueries.Weights(taste, 7, weight));
    double ofPlain = ndcg(judged, new TitleWordQueries.Weights(0, 1, 0));
    double ofPopular = ndcg(judged, new TitleWordQueries.Weights(0, 1, popularity));
    double ofDefault = ndcg(judged, new TitleWordQueries.Weights(1, 1, 0));
    double ofBlend = ndcg(judged, new TitleWordQueries.Weights(taste, 7, both));
    report(
        "NDCG@10 of held-out books, %d title-word queries: plain %.3f, + popularity %.3f (weight"
            + " %.1f), blend with defaults %.3f, blend %.3f (taste %.1f, popularity %.1f)",
        judged.size(), ofPlain, ofPopular, popularity, ofDefault, ofBlend, taste, both);
    assertTrue("blend " + ofBlend + " against plain " + ofPlain, ofBlend > ofPlain);
    assertTrue("blend " + ofBlend + " against popularity " + ofPopular, ofBlend > ofPopular);
    assertTrue("defaults " + ofDefault + " against plain " + ofPlain, ofDefault > ofPlain);
  }

  private double best(
      List<TitleWordQueries.Case> cases, DoubleFunction<TitleWordQueries.Weights> weights)
      throws Exception {
    double best = 0;
    double bestNdcg = -1;
    for (double weight : new double[] {0, 0.2, 0.5, 1, 2, 4, 8}) {
      double ndcg = ndcg(cases, weights.apply(weight));
      if (ndcg > bestNdcg) {
        bestNdcg = ndcg;
        best = weight;
      }
    }
    return best;
  }

  /** Mean over the cases of 1 / log2(1 + rank) of the one held-out book, 0 below rank 10. */
  private double ndcg(List<TitleWordQueries.Case> cases, TitleWordQueries.Weights weights)
      throws Exception {
    double sum = 0;
    for (int start = 0; start < cases.size(); start += 100) {
      List<TitleWordQueries.Case> batch = cases.subList(start, Math.min(cases.size(), start + 100));
      StringBuilder requests = new StringBuilder();
      for (TitleWordQueries.Case one : batch) {
        requests.append("{\"index\": \"books\"}\n");
        requests.append(one.request(weights)).append('\n');
      }
      List<JsonNode> replies = responses(server, requests);
      for (int i = 0; i < batch.size(); i++) {
        JsonNode hits = replies.get(i).at("/hits/hits");
        for (int rank = 0; rank < hits.size(); rank++) {
          if (hits.get(rank).get("_id").asText().equals(batch.get(i).book())) {
            sum += Math.log(2) / Math.log(rank + 2);
          }
        }
      }
    }
    return sum / cases.size();
  }

  @Test
  public void test4ReportIsWritten() throws Exception {
    assertFalse(REPORT.isEmpty());
    Path file = Path.of(System.getProperty("affinity.reports"), "goodbooks-report.txt");
    Files.writeString(file, REPORT);
    System.out.print(REPORT);
  }

  private static List<JsonNode> responses(Server server, StringBuilder requests) throws Exception {
    Server.Reply reply = server.post("/_msearch", requests.toString());
    assertEquals(200, reply.status());
    List<JsonNode> responses = new ArrayList<>();
    for (JsonNode response : reply.body().get("responses")) {
      assertEquals(response.toString(), 200, response.get("status").asInt());
      responses.add(response);
    }
    return responses;
  }

  private static void report(String format, Object... values) {
    REPORT.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static void create(Server server, String index, String properties) throws Exception {
    Server.Reply reply =
        server.put(
            "/" + index,
            "{\"settings\": {\"index.affinity\": true, \"number_of_shards\": 1,"
                + " \"number_of_replicas\": 0}, \"mappings\": {\"properties\": {"
                + properties
                + "}}}");
    assertEquals(reply.toString(), 200, reply.status());
  }

  private static int count(Server server, String index) throws Exception {
    return server.get("/" + index + "/_count").body().get("count").asInt();
  }

  private static String quote(String text) throws Exception {
    return new com.fasterxml.jackson.databind.ObjectMapper().writeValueAsString(text);
  }

  private static String base64(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return "\"" + Base64.getEncoder().encodeToString(bytes.array()) + "\"";
  }

  /** Sends documents in requests of a few megabytes. */
  private static final class Bulk {
    private static final int LIMIT = 4 << 20;

    private final Server server;
    private final String index;
    private final StringBuilder body = new StringBuilder();

    Bulk(Server server, String index) {
      this.server = server;
      this.index = index;
    }

    void add(String id, String document) throws Exception {
      body.append("{\"index\": {\"_id\": \"").append(id).append("\"}}\n");
      body.append(document).append('\n');
      if (body.length() > LIMIT) {
        flush();
      }
    }

    void flush() throws Exception {
      Server.Reply reply = server.post("/" + index + "/_bulk", body.toString());
      assertEquals(200, reply.status());
      assertFalse(reply.body().get("errors").asBoolean());
      body.setLength(0);
    }
  }
}
