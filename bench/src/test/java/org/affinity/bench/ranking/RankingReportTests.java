/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.affinity.bench.ranking.RankingSet.Fold;
import org.affinity.bench.ranking.RankingSet.JudgedQuery;
import org.affinity.bench.ranking.RankingSet.Person;
import org.affinity.bench.report.Place;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import picocli.CommandLine;

/** What of the report needs no server. */
public class RankingReportTests {

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void testNobodyTunesAndIsJudgedAndNoTargetIsKnown() {
    RankingSet set = InventedSet.invent(new QuerySampler.Limits(20, 40), 1);
    Fold fold = set.folds().get(0);
    assertEquals(20, fold.tuning().size());
    assertEquals(40, fold.judged().size());
    Set<String> people = new HashSet<>();
    fold.tuning().forEach(query -> people.add(query.person()));
    for (JudgedQuery query : fold.judged()) {
      assertTrue("one query for each person", people.add(query.person()));
      Person person = set.people().get(query.person());
      assertTrue(query.grades().containsKey(query.target()));
      query.grades().keySet().forEach(item -> assertFalse(person.known().contains(item)));
      for (String item : query.grades().keySet()) {
        String title = set.items().get(Integer.parseInt(item)).texts().get("title");
        assertTrue(title, title.contains(query.text()));
      }
    }
    assertEquals(fold, InventedSet.invent(new QuerySampler.Limits(20, 40), 1).folds().get(0));
    assertNotEquals(fold, InventedSet.invent(new QuerySampler.Limits(20, 40), 2).folds().get(0));
  }

  @Test
  public void testWordsAreQueriesWhereThereIsAChoice() {
    Words words = new Words(2, 3);
    words.add("1", "The Dragon's Egg");
    words.add("2", "A dragon, and an egg!");
    words.add("3", "Dragon");
    words.add("4", "the egg the egg");
    words.add("5", "an egg");
    assertEquals("four have egg", List.of("dragon"), words.queries("1"));
    assertTrue(words.has("5", "egg"));
    assertFalse(words.has("5", "dragon"));
  }

  @Test
  public void testEveryRowHasTheSameNumberOfSettings() {
    assertEquals(16, Set.copyOf(Weights.affinities()).size());
    assertEquals(16, Set.copyOf(Weights.priors()).size());
    assertEquals(16, Set.copyOf(Weights.both()).size());
  }

  @Test
  public void testABlendCanFallBackToOneOfItsParts() {
    List<Weights> both = Weights.both();
    List<Weights> priors = both.stream().filter(weights -> weights.affinity() == 0).toList();
    List<Weights> affinities = both.stream().filter(weights -> weights.popularity() == 0).toList();
    assertTrue(priors.toString(), priors.size() >= 3 && Weights.priors().containsAll(priors));
    assertTrue(
        affinities.toString(),
        affinities.size() >= 3 && Weights.affinities().containsAll(affinities));
    assertTrue(
        "a prior above the affinity",
        both.stream()
            .anyMatch(
                weights -> weights.affinity() > 0 && weights.popularity() > weights.affinity()));
  }

  @Test
  public void testTheClientReranksByBothScoresOverTheirLargest() {
    List<Hit> hits = List.of(new Hit("a", 4), new Hit("b", 3), new Hit("c", 1));
    double[] scores = {0, 1, 2};
    assertEquals(List.of("a", "b", "c"), reranked(hits, scores, new Weights(.1, 0)));
    assertEquals(List.of("b", "c", "a"), reranked(hits, scores, new Weights(.8, 0)));
    assertEquals(
        "nothing known keeps the order",
        List.of("a", "b", "c"),
        reranked(hits, new double[3], new Weights(5, 0)));
    assertEquals(
        "popularity counts without cosines",
        List.of("c", "a", "b"),
        reranked(hits, new double[3], new Weights(0, 1)));
    assertEquals(
        "and beside them", List.of("c", "b", "a"), reranked(hits, scores, new Weights(.8, .5)));
  }

  private static List<String> reranked(List<Hit> hits, double[] scores, Weights weights) {
    return Hit.ids(Contenders.rerank(hits, scores, new double[] {0, 0, 1}, weights));
  }

  @Test
  public void testTheClientsPopularityIsThatOfTheBlend() {
    List<RankingSet.Item> items =
        List.of(
            new RankingSet.Item("none", Map.of(), 0, Map.of()),
            new RankingSet.Item("some", Map.of(), 9, Map.of()),
            new RankingSet.Item("most", Map.of(), 99, Map.of()));
    Map<String, Double> popularity = Requests.popularity(items);
    assertEquals(0, popularity.get("none"), 0);
    assertEquals("ln 10 / ln 100", .5, popularity.get("some"), 1e-12);
    assertEquals(1, popularity.get("most"), 0);
  }

  @Test
  public void testWhatBeatsTheBlendIsSaidFirst() throws Exception {
    RankingResult result =
        new RankingResult(
            Map.of("seed", 42),
            List.of(
                data(
                    "books",
                    row(Contenders.BM25, .1, .2, .1),
                    row(Contenders.POPULARITY, .3, .1, .5),
                    row(Contenders.BLEND, .2, .3, .1))));
    Path json = folder.getRoot().toPath().resolve("out.json");
    RankingReport.write(result, json);
    JsonNode read = new ObjectMapper().readTree(json.toFile());
    assertEquals(.3, read.at("/sets/0/rows/1/quality/ndcg10").asDouble(), 0);
    assertEquals(.01, read.at("/sets/0/rows/2/overBm25").asDouble(), 0);
    String text = Files.readString(json.resolveSibling("out.md"));
    int said = text.indexOf("- **\"+ popularity prior\" is not beaten by the blend**: NDCG@10 0.3");
    assertTrue(text, said > 0 && said < text.indexOf("| BM25 |"));
    assertTrue(
        text, text.contains("is not beaten by the blend where popularity of the target is tail**"));
    assertFalse(text, text.contains("where popularity of the target is head"));
    assertTrue(text, text.contains("| + popularity prior | **0.3000** |"));
    assertTrue(text, text.contains("NDCG@10 0.2000 over 0.3000, -33 %"));
    assertTrue(text, text.contains("| blend | **0.3000** | 0.1000 |"));
  }

  @Test
  public void testTheBlendIsHeldAgainstWhatAClientMakesOfBoth() {
    String text =
        standing(row(Contenders.BM25, .1, .1, .1), row(Contenders.BOTH, .4, .4, .2), blend());
    assertTrue(
        text,
        text.startsWith(
            "**\"+ item-item co-occurrence + popularity\" is not beaten by the blend**"));
    assertTrue(text, text.contains("NDCG@10 0.3000 over 0.4000, -25 %, p = 0.030."));
  }

  @Test
  public void testResultsOfOneCommitAreJoined() throws Exception {
    Path books = folder.getRoot().toPath().resolve("books.json");
    Path films = books.resolveSibling("films.json");
    Path other = books.resolveSibling("other.json");
    RankingResult.Data data = data("books", row(Contenders.BM25, .1, .1, .1), blend());
    RankingReport.write(new RankingResult(Map.of("commit", "a", "seed", 1), List.of(data)), books);
    RankingReport.write(
        new RankingResult(
            Map.of("commit", "a", "seed", 1),
            List.of(data("films", row(Contenders.BM25, .1, .1, .1), blend()))),
        films);
    RankingReport.write(new RankingResult(Map.of("commit", "b", "seed", 1), List.of(data)), other);
    assertEquals("read as written", data, RankingReport.read(books).sets().get(0));
    Path both = books.resolveSibling("both.json");
    StringWriter printed = new StringWriter();
    String files = books + "," + films;
    assertEquals(0, run(printed, "--with", files, "--out", both.toString()));
    String text = Files.readString(both.resolveSibling("both.md"));
    assertTrue(text, text.indexOf("## films") > text.indexOf("## books"));
    assertEquals(2, RankingReport.read(both).sets().size());
    assertRefused("results of another commit cannot be joined", "--with", books + "," + other);
    assertRefused("there is no file", "--with", "none.json");
  }

  @Test
  public void testASetIsNotJoinedTwice() throws Exception {
    Path books = folder.getRoot().toPath().resolve("books.json");
    write(books, Map.of("commit", "a"), "books");
    assertRefused("the data set books would be twice in the result", "--with", books + "," + books);
    Map<String, Object> run = new HashMap<>();
    run.put("commit", Place.commit());
    run.put("seed", 42);
    run.put("permutations", 10000);
    run.put("mostQueries", 1000);
    run.put("mostTuning", 300);
    write(books, run, "invented");
    try (StubServer server = new StubServer()) {
      String[] arguments = {"--tiny", "--with", books.toString(), "--url", server.url()};
      assertRefused("the data set invented would be twice in the result", arguments);
      run.put("mostQueries", 400);
      write(books, run, "invented");
      assertRefused("results of another mostQueries cannot be joined: 400, not 1000", arguments);
    }
  }

  @Test
  public void testResultsOfOtherNumbersOfQueriesAreNotJoined() throws Exception {
    Path books = folder.getRoot().toPath().resolve("books.json");
    Path films = books.resolveSibling("films.json");
    for (String same : List.of("mostQueries", "mostTuning")) {
      write(books, Map.of("commit", "a", same, 400), "books");
      write(films, Map.of("commit", "a", same, 60), "films");
      assertRefused(
          "results of another " + same + " cannot be joined: 60, not 400",
          "--with",
          books + "," + films);
    }
  }

  @Test
  public void testFilesAreNotBlamedOnTheServer() throws Exception {
    Path root = folder.getRoot().toPath();
    Path books = root.resolve("books.json");
    write(books, Map.of("commit", "a"), "books");
    String unwritable = books.resolve("out.json").toString();
    assertNamed(books.toString(), "--with", books.toString(), "--out", unwritable);
    Path broken = Files.writeString(root.resolve("broken.json"), "{");
    assertNamed(broken + " is no result of \"ranking\"", "--with", broken.toString());
    Files.createDirectory(root.resolve("goodbooks"));
    try (StubServer server = new StubServer()) {
      assertNamed(
          "there is no file " + root.resolve("goodbooks").resolve("ratings-train.csv.gz"),
          "--data",
          root.toString(),
          "--url",
          server.url());
    }
  }

  @Test
  public void testWhatTheServerRefusesIsBlamedOnIt() throws Exception {
    try (StubServer server = new StubServer()) {
      assertRefused(server.url() + ": the server answered 500: ", "--tiny", "--url", server.url());
    }
  }

  /** Says its version, and refuses all else. */
  private static final class StubServer implements AutoCloseable {
    private final HttpServer server;

    StubServer() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            boolean root = exchange.getRequestURI().getPath().equals("/");
            String answer =
                root ? "{\"version\": {\"number\": \"3\"}}" : "{\"error\": {\"reason\": \"full\"}}";
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(root ? 200 : 500, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
          });
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  private static void write(Path file, Map<String, Object> run, String set) throws IOException {
    RankingReport.write(
        new RankingResult(run, List.of(data(set, row(Contenders.BM25, .1, .1, .1), blend()))),
        file);
  }

  private static String standing(RankingResult.Row... rows) {
    return String.join("\n", Standing.of(data("books", rows)));
  }

  private static RankingResult.Row blend() {
    return row(Contenders.BLEND, .3, .3, .3);
  }

  @Test
  public void testABlendThatWinsLeavesNothingToConfess() {
    String text =
        standing(row(Contenders.BM25, .1, .1, .1), row(Contenders.POPULARITY, .2, .2, .2), blend());
    assertFalse(text, text.contains("not beaten"));
    assertTrue(text, text.contains("The blend over \"BM25\": NDCG@10 0.3000 over 0.1000, +200 %"));
  }

  private static RankingResult.Data data(String name, RankingResult.Row... rows) {
    return new RankingResult.Data(name, "Made up.", 100, 10, 20, 20, List.of(rows));
  }

  private static RankingResult.Row row(String name, double ndcg, double head, double tail) {
    String by = "popularity of the target";
    return new RankingResult.Row(
        name,
        List.of(new Weights(.5, 0)),
        new Quality(ndcg, .1, .1, .1),
        name.equals(Contenders.BM25) ? null : .01,
        name.equals(Contenders.POPULARITY) ? null : .02,
        null,
        name.equals(Contenders.BOTH) ? null : .03,
        1,
        2,
        256,
        List.of(
            new RankingResult.Part(by, "head", 10, head),
            new RankingResult.Part(by, "tail", 10, tail)));
  }

  @Test
  public void testWhatCannotBeIsRefused() throws Exception {
    assertRefused("nothing to search");
    assertRefused("--queries must be at least 1", "--tiny", "--queries", "0");
    assertRefused("--out must end in .json", "--tiny", "--out", "x.txt");
    assertRefused("--set needs --data", "--set", "icecat-chorus");
    String none = folder.getRoot().toPath().resolve("none").toString();
    assertRefused("there is no folder " + none, "--data", none);
    assertRefused("there is no folder " + none, "--tiny", "--data", none);
    assertRefused("has none of the folders [goodbooks,", "--data", folder.getRoot().toString());
    assertRefused("'no url' is no server's URL", "--tiny", "--url", "no url");
    assertRefused(
        "there is no folder", "--set", "goodbooks", "--data", folder.getRoot().toString());
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String url = "http://127.0.0.1:" + port;
    assertRefused(url + ": no server answers there", "--tiny", "--url", url);
  }

  /** One line that names what is wrong, and no server. */
  private static void assertNamed(String what, String... arguments) {
    StringWriter printed = new StringWriter();
    assertEquals(1, run(printed, arguments));
    List<String> lines = printed.toString().lines().toList();
    String last = lines.get(lines.size() - 1);
    assertTrue(last, last.startsWith(what));
    assertFalse(printed.toString(), printed.toString().contains("http:"));
  }

  private static void assertRefused(String why, String... arguments) {
    StringWriter printed = new StringWriter();
    assertNotEquals(0, run(printed, arguments));
    assertTrue(printed.toString(), printed.toString().contains(why));
    assertTrue(printed.toString(), !printed.toString().contains("\tat "));
  }

  private static int run(StringWriter printed, String... arguments) {
    return new CommandLine(new RankingCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(printed))
        .setErr(new PrintWriter(printed))
        .execute(arguments);
  }
}
