/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.server;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.affinity.ann.search.VectorSpace;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import picocli.CommandLine;

/** What of the report needs no server. */
public class ServerReportTests {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void testBothSidesAreAskedTheSame() throws Exception {
    float[] vector = {0.5f, -1e-7f, 3};
    Set<String> indices = new HashSet<>();
    for (Contestant contestant : Contestant.values()) {
      boolean ours = contestant.side() == Contestant.Side.OURS;
      indices.add(contestant.index());
      JsonNode definition = JSON.readTree(contestant.definition(3, VectorSpace.COSINE));
      JsonNode field = definition.at("/mappings/properties/v");
      assertEquals(ours ? "embedding" : "knn_vector", field.path("type").asText());
      assertEquals(3, field.path("dimension").asInt());
      assertEquals("cosinesimil", field.path("space_type").asText());
      assertEquals(1, definition.at("/settings/number_of_shards").asInt());
      if (field.at("/method/name").asText().equals("hnsw")) {
        assertEquals(16, field.at("/method/parameters/m").asInt());
        assertEquals(100, field.at("/method/parameters/ef_construction").asInt());
      }
      Set<String> searches = new HashSet<>();
      for (String setting : contestant.settings()) {
        JsonNode search = JSON.readTree(contestant.search(vector, setting));
        assertEquals(10, search.path("size").asInt());
        assertFalse(search.path("_source").asBoolean(true));
        JsonNode query = search.at(ours ? "/query/nearest/v" : "/query/knn/v");
        assertEquals(10, query.path("k").asInt());
        assertEquals(-1e-7f, query.at("/vector/1").floatValue(), 0);
        searches.add(search.toString());
      }
      boolean coarse = contestant == Contestant.KNN_4X || contestant == Contestant.KNN_32X;
      assertEquals("settings of " + contestant.label(), coarse ? 12 : 8, searches.size());
    }
    assertEquals(Contestant.values().length, indices.size());
    assertEquals(
        "32x",
        JSON.readTree(definition(Contestant.KNN_32X))
            .at("/mappings/properties/v/compression_level")
            .asText());
    assertEquals(
        "lucene",
        JSON.readTree(definition(Contestant.KNN))
            .at("/mappings/properties/v/method/engine")
            .asText());
  }

  private static String definition(Contestant contestant) {
    return contestant.definition(8, VectorSpace.INNER_PRODUCT);
  }

  @Test
  public void testAnswersAreRead() throws Exception {
    int[] hits = new int[10];
    String answer =
        """
        {"_shards": {"total": 1, "failed": 0},
         "hits": {"hits": [{"_id": "12", "_score": 2}, {"_id": "0", "_score": 1}]}}
        """;
    assertEquals(2, ServedIndex.rows(answer.getBytes(StandardCharsets.UTF_8), hits));
    assertArrayEquals(new int[] {12, 0}, new int[] {hits[0], hits[1]});
    byte[] failed =
        answer.replace("\"failed\": 0", "\"failed\": 1").getBytes(StandardCharsets.UTF_8);
    assertThrows(IOException.class, () -> ServedIndex.rows(failed, hits));
  }

  @Test
  public void testWhereThePeerIsAheadStandsAboveTheTable() throws Exception {
    List<ServerResult.Point> points = new ArrayList<>();
    // At recall .9 ours takes twice the time of the peer's graph, at .99 half.
    points.add(point(Contestant.IVF, 0.9, 200));
    points.add(point(Contestant.IVF, 0.99, 250));
    points.add(point(Contestant.KNN, 0.9, 100));
    points.add(point(Contestant.KNN, 0.99, 500));
    points.add(point(Contestant.KNN_4X, 0.97, 50));
    ServerResult result =
        new ServerResult(
            Map.of("note", "a test"),
            List.of(
                index(Contestant.IVF, 10, 100),
                index(Contestant.KNN, 40, 50),
                index(Contestant.KNN_4X, 30, 60)),
            points,
            List.of(new ServerResult.Refusal("words", "knn-32x", "{}", "no native library")));
    Comparison speed =
        Comparison.ofSpeed(result, "words", 1, ServerResult.Point::requestsPerCpuSecond);
    Comparison.Row ivf = speed.rows().get(0);
    int at90 = Comparison.RECALLS.indexOf(0.90);
    int at99 = Comparison.RECALLS.indexOf(0.99);
    assertEquals(0.5, ivf.ratios().get(at90), 1e-9);
    assertEquals(2, ivf.ratios().get(at99), 1e-9);
    assertTrue(Double.isNaN(speed.rows().get(2).ratios().get(at99)));
    assertTrue(
        speed.behind(), speed.behind().startsWith("**The k-NN plugin is ahead of** `ivf`: "));
    // Against the better of the peer's, which is the one of 4x.
    assertTrue(speed.behind(), speed.behind().contains("recall .90 (0.250 of knn-4x)"));
    assertFalse(speed.behind(), speed.behind().contains("recall .99"));

    Comparison building = Comparison.ofBuilding(result, "words");
    assertEquals(4, building.rows().get(0).ratios().get(0), 1e-9);
    assertTrue(building.behind(), building.behind().endsWith("`ivf`: disk (0.500 of knn)."));

    Path json = folder.getRoot().toPath().resolve("deep/out.json");
    ServerReport.write(result, json);
    assertEquals(5, JSON.readTree(json.toFile()).get("points").size());
    String text = Files.readString(json.resolveSibling("out.md"));
    assertTrue(text, text.contains("| ivf | 0.500 | 0.500 |"));
    assertTrue(text, text.contains("words: `knn-32x` is left out: no native library.\n"));
    assertTrue(text, text.contains("| ivf | 100 |"));
    assertTrue(text.indexOf("**The k-NN plugin is ahead of**") < text.indexOf("| ivf | 0.500"));
  }

  @Test
  public void testARunFromEndToEnd() throws Exception {
    Path out = folder.getRoot().toPath().resolve("tiny.json");
    try (ExactServer ours = new ExactServer("flat");
        ExactServer peer = new ExactServer("nothing")) {
      String[] arguments = {
        "--url",
        ours.url(),
        "--peer",
        peer.url(),
        "--data-set",
        "clustered-1000x16",
        "--limit",
        "600",
        "--queries",
        "5",
        "--rounds",
        "2",
        "--out",
        out.toString()
      };
      StringWriter printed = new StringWriter();
      int code =
          new CommandLine(new ServerCommand())
              .setOut(new PrintWriter(printed))
              .setErr(new PrintWriter(printed))
              .execute(arguments);
      assertEquals(printed.toString(), 0, code);
      assertEquals("what was made is deleted", Set.of(), ours.indices());
      assertEquals(
          Set.of(Contestant.IVF.index(), Contestant.HNSW.index(), Contestant.HNSW_PQ.index()),
          ours.searched());
      assertEquals(Set.of(Contestant.KNN.index(), Contestant.KNN_4X.index()), peer.searched());
    }
    JsonNode result = JSON.readTree(out.toFile());
    int settings = 0;
    for (Contestant contestant : Contestant.values()) {
      if (contestant != Contestant.FLAT_PQ && !contestant.needsNativeCode()) {
        settings += contestant.settings().size();
      }
    }
    assertEquals("two numbers of clients", 2L * settings, result.get("points").size());
    for (JsonNode point : result.get("points")) {
      assertEquals(point.toString(), 1, point.get("recall").asDouble(), 0);
      assertEquals(point.toString(), 10, point.get("fewestHits").asInt());
      assertTrue(point.toString(), point.get("requestsPerSecond").asDouble() > 0);
    }
    assertEquals(6, result.get("indices").size());
    assertEquals(600, result.at("/indices/0/vectors").asInt());
    assertEquals("of two bulks", 2, result.at("/indices/0/segments").asInt());
    assertEquals("flat-pq", result.at("/refusals/0/contestant").asText());
    assertEquals(
        "the server answered 400: odd: not flat", result.at("/refusals/0/reason").asText());
    assertEquals("knn-32x", result.at("/refusals/1/contestant").asText());
    assertTrue(
        Files.readString(out.resolveSibling("tiny.md"))
            .contains("## clustered-1000x16-first-600: 600 vectors, 16 dimensions, l2"));
  }

  @Test
  public void testAnErrorEndsTheRunAndLeavesNothing() throws Exception {
    for (String request : List.of("_bulk", "_segments", "_search")) {
      try (ExactServer ours = new ExactServer("nothing");
          ExactServer peer = new ExactServer("nothing")) {
        peer.fail(request);
        StringWriter printed = new StringWriter();
        int code =
            new CommandLine(new ServerCommand())
                .setOut(new PrintWriter(printed))
                .setErr(new PrintWriter(printed))
                .execute(
                    "--url=" + ours.url(),
                    "--peer=" + peer.url(),
                    "--data-set=clustered-1000x16",
                    "--only=ivf|knn",
                    "--queries=1",
                    "--rounds=1");
        assertEquals(printed.toString(), 1, code);
        assertTrue(printed.toString(), printed.toString().contains("the server answered 500: "));
        assertTrue(printed.toString(), printed.toString().contains("the disk is full"));
        assertEquals(Set.of(), ours.indices());
        assertEquals(Set.of(), peer.indices());
      }
    }
  }

  @Test
  public void testOptionsAreCheckedWithoutServers() {
    String[] servers = {"--url=later", "--peer=later", "--check"};
    StringWriter printed = new StringWriter();
    CommandLine command = new CommandLine(new ServerCommand()).setErr(new PrintWriter(printed));
    assertEquals(0, command.execute(servers));
    assertFalse(command.getUsageMessage().contains("--check"));
    assertRefused("no set nothing", "--check", "--data-set", "nothing");
    assertRefused("there is no folder nowhere", "--check", "--data", "nowhere");
    assertRefused("--rounds must be at least 1", "--check", "--rounds", "0");
  }

  @Test
  public void testRatesAreOfAllRoundsTogether() {
    List<Pass> passes = List.of(new Pass(new long[2], 1, 0.5), new Pass(new long[2], 3, 1.5));
    assertEquals(1, Pass.requestsPerSecond(passes), 0);
    assertEquals(500_000, Pass.cpuMicros(passes), 0);
  }

  @Test
  public void testWhatWasNotMergedIsNotCompared() {
    ServerResult result =
        new ServerResult(
            Map.of(),
            List.of(
                index(Contestant.IVF, 10, 10, 1),
                index(Contestant.HNSW, 20, 10, 2),
                index(Contestant.KNN, 40, 10, 2)),
            List.of(),
            List.of());
    Comparison building = Comparison.ofBuilding(result, "words");
    assertEquals(List.of(4.0, 4.0, Double.NaN, Double.NaN, 1.0), building.rows().get(0).ratios());
    assertEquals(List.of(2.0, 2.0, 2.0, 2.0, 1.0), building.rows().get(1).ratios());
    assertEquals(
        "**The k-NN plugin is ahead of** `ivf`: merge, wall (not measured), merge, CPU (not"
            + " measured).",
        building.behind());
  }

  @Test
  public void testAPeerThatIsAheadNowhere() {
    ServerResult result =
        new ServerResult(
            Map.of(),
            List.of(index(Contestant.IVF, 10, 10), index(Contestant.KNN, 40, 50)),
            List.of(),
            List.of());
    assertEquals(
        "The k-NN plugin is ahead nowhere in this table.",
        Comparison.ofBuilding(result, "words").behind());
  }

  @Test
  public void testWhatTheClockDidNotSeeIsNotCompared() {
    List<ServerResult.Point> points =
        List.of(
            point(Contestant.IVF, 0.95, 100),
            point(Contestant.KNN, 0.95, 0),
            point(Contestant.KNN_4X, 0.95, 0));
    ServerResult result =
        new ServerResult(
            Map.of(),
            List.of(index(Contestant.IVF, 10, 10), index(Contestant.KNN, 40, 50)),
            points,
            List.of());
    assertEquals(
        "Not measured.",
        Comparison.ofSpeed(result, "words", 1, ServerResult.Point::requestsPerCpuSecond).behind());
  }

  private static ServerResult.Point point(Contestant contestant, double recall, double micros) {
    return new ServerResult.Point(
        "words",
        contestant.label(),
        contestant.side(),
        "",
        1,
        recall,
        10,
        1e6 / micros,
        1,
        2,
        micros);
  }

  private static ServerResult.Index index(Contestant contestant, double seconds, long bytes) {
    return index(contestant, seconds, bytes, 10);
  }

  private static ServerResult.Index index(
      Contestant contestant, double seconds, long bytes, int segments) {
    return new ServerResult.Index(
        "words",
        contestant.label(),
        contestant.side(),
        1000,
        8,
        "COSINE",
        1,
        seconds,
        seconds,
        segments,
        seconds,
        seconds,
        1000 * bytes,
        Map.of("vec", 32_000L),
        null);
  }

  @Test
  public void testWhatCannotBeIsRefused() throws Exception {
    assertRefused("--rounds must be at least 1", "--rounds", "0");
    assertRefused("--builds must be at least 1", "--builds", "0");
    assertRefused("--queries must be at least 1", "--queries", "0");
    assertRefused("--clients must be 1 to 64", "--clients", "1,0");
    assertRefused("--limit must not be negative", "--limit", "-1");
    assertRefused("no contestant has a name like nobody", "--only", "nobody");
    assertRefused("--out must end in .json", "--out", "x.txt");
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertRefused("http://127.0.0.1:" + port, "--url", "http://127.0.0.1:" + port);
  }

  private static void assertRefused(String why, String... arguments) {
    List<String> all =
        new ArrayList<>(List.of("--peer", "http://127.0.0.1:1", "--url", "http://127.0.0.1:1"));
    if (arguments[0].equals("--url")) {
      all = all.subList(0, 2);
    }
    all.addAll(List.of(arguments));
    StringWriter printed = new StringWriter();
    int code =
        new CommandLine(new ServerCommand())
            .setOut(new PrintWriter(printed))
            .setErr(new PrintWriter(printed))
            .execute(all.toArray(String[]::new));
    assertNotEquals(0, code);
    assertTrue(printed.toString(), printed.toString().contains(why));
    assertFalse(printed.toString(), printed.toString().contains("\tat "));
  }
}
