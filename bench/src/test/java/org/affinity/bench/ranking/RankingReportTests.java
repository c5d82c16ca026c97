/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.affinity.bench.ranking.RankingSet.Fold;
import org.affinity.bench.ranking.RankingSet.JudgedQuery;
import org.affinity.bench.ranking.RankingSet.Person;
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
  public void testTheClientReranksByBothScoresOverTheirLargest() {
    List<Hit> hits = List.of(new Hit("a", 4), new Hit("b", 3), new Hit("c", 1));
    double[] scores = {0, 1, 2};
    assertEquals(List.of("a", "b", "c"), Hit.ids(Contenders.rerank(hits, scores, .1)));
    assertEquals(List.of("b", "c", "a"), Hit.ids(Contenders.rerank(hits, scores, .8)));
    assertEquals(
        "nothing known keeps the order",
        List.of("a", "b", "c"),
        Hit.ids(Contenders.rerank(hits, new double[3], 5)));
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

  private static RankingResult.Row blend() {
    return row(Contenders.BLEND, .3, .3, .3);
  }

  @Test
  public void testABlendThatWinsLeavesNothingToConfess() {
    String text =
        String.join(
            "\n",
            Standing.of(
                data(
                    "books",
                    row(Contenders.BM25, .1, .1, .1),
                    row(Contenders.POPULARITY, .2, .2, .2),
                    row(Contenders.BLEND, .3, .3, .3))));
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
    assertRefused(
        "there is no folder", "--set", "goodbooks", "--data", folder.getRoot().toString());
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertRefused("http://127.0.0.1:" + port, "--tiny", "--url", "http://127.0.0.1:" + port);
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
