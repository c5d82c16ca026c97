/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The report against peers in a tiny form, so that it does not rot. Says nothing of speed. */
public class BenchTests {

  private static final String SET = "clustered-5000x16";

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void testEveryCandidateAndEveryPart() throws Exception {
    Path out = folder.getRoot().toPath().resolve("tiny.json");
    String[] arguments = {
      "ann", "--data-set", SET, "--queries", "10", "--rounds", "1", "--out", out.toString()
    };
    assertEquals(0, run(new StringWriter(), arguments));

    JsonNode result = new ObjectMapper().readTree(out.toFile());
    Set<String> candidates = new HashSet<>();
    for (JsonNode index : result.get("indices")) {
      candidates.add(index.get("candidate").asText());
      assertEquals(index.toString(), 64, index.at("/bytesPerVector/raw").asDouble(), 0.1);
    }
    assertTrue(
        candidates.toString(),
        candidates.containsAll(
            Set.of("ivf-pq", "hnsw-pq", "flat-pq", "lucene-hnsw-1bit", "jvector-pq")));
    Map<String, Double> best = new HashMap<>();
    Set<String> filters = new HashSet<>();
    for (JsonNode point : result.get("points")) {
      best.merge(point.get("candidate").asText(), point.get("recall").asDouble(), Math::max);
      assertTrue(point.toString(), point.get("recall").asDouble() <= 1);
      assertTrue(point.toString(), point.get("queriesPerSecond").asDouble() > 0);
      if (point.has("filter")) {
        filters.add(point.get("filter").asText());
      }
    }
    assertEquals(candidates, best.keySet());
    best.forEach((name, recall) -> assertTrue(name + " " + recall, recall > 0.9));
    assertEquals(1, best.get("scan-float"), 0);
    assertEquals(8, filters.size());
    assertTrue(result.get("merges").size() >= 2);
    String markdown = Files.readString(out.resolveSibling("tiny.md"));
    assertTrue(markdown, markdown.contains("| " + SET + " | ivf-pq: build ≤ 0.25"));
    assertTrue(Files.readString(out.resolveSibling("tiny/" + SET + "-speed.svg")).contains("<svg"));

    StringWriter compared = new StringWriter();
    assertEquals(0, run(compared, "compare", out.toString(), out.toString()));
    assertTrue(compared.toString(), compared.toString().contains(" 0 better, 0 worse."));

    Path again = out.resolveSibling("again.json");
    assertEquals(0, run(new StringWriter(), "join", out.toString(), "--out", again.toString()));
    assertEquals(result, new ObjectMapper().readTree(again.toFile()));
    assertEquals(
        markdown.replace("tiny/", "again/"), Files.readString(again.resolveSibling("again.md")));
    assertRefused(
        SET + " was measured in another file",
        "join",
        out.toString(),
        out.toString(),
        "--out",
        again.toString());
  }

  @Test
  public void testAKeptIndexIsNotBuiltAgain() throws Exception {
    Path work = folder.getRoot().toPath().resolve("work");
    String[] arguments = {
      "ann",
      "--data-set",
      SET,
      "--only",
      "flat-pq|scan-float",
      "--parts",
      "sweep",
      "--queries",
      "5",
      "--rounds",
      "1",
      "--work",
      work.toString(),
      "--tag",
      "a",
      "--out",
      work + ".json"
    };
    assertEquals(0, run(new StringWriter(), arguments));
    Path build = work.resolve(SET).resolve("flat-pq@a").resolve("build.json");
    Files.writeString(build, "{\"cpuSeconds\":77.0,\"wallSeconds\":88.0}");
    assertEquals(0, run(new StringWriter(), arguments));
    JsonNode result = new ObjectMapper().readTree(Path.of(work + ".json").toFile());
    assertEquals(77, result.at("/indices/0/buildCpuSeconds").asDouble(), 0);
    assertEquals(0, result.get("merges").size());
  }

  @Test
  public void testWhatCannotBeIsRefused() throws Exception {
    assertRefused("no set nowhere", "ann", "--data-set", "nowhere");
    assertRefused("glove-100 needs --data", "ann", "--data-set", "glove-100");
    assertRefused("glove-100 needs ", "ann", "--data-set", "glove-100", "--data", "/nowhere");
    assertRefused("a power of two", "ann", "--data-set", "clustered-5000x17");
    assertRefused("no candidate", "ann", "--data-set", "clustered-1000x2", "--only", "none");
    assertRefused("--rounds", "ann", "--rounds", "0");
    assertRefused("--rounds must be at least 1", "readers", "--rounds", "0", "x.fvecs");
    assertRefused("--rounds must be at least 1", "trainer", "--rounds", "0", "x.fvecs");
    assertRefused("--rounds must be at least 1", "kernels", "--quick", "--rounds", "0");
    assertRefused("--out must end in .json", "ann", "--out", "x.txt");
    assertRefused("there is no file", "compare", "/nowhere/a.json", "/nowhere/b.json");
    Path odd = Files.writeString(folder.getRoot().toPath().resolve("odd.json"), "[1]");
    assertRefused("is no result of \"ann\"", "compare", odd.toString(), odd.toString());
  }

  @Test
  public void testATemporaryWorkFolderIsLeftEmpty() throws Exception {
    long before = folders();
    run(new StringWriter(), "ann", "--data-set", "clustered-1000x2", "--only", "none");
    assertEquals(before, folders());
  }

  private static long folders() throws Exception {
    try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.filter(path -> path.getFileName().toString().startsWith("affinity-bench-"))
          .count();
    }
  }

  private static int run(StringWriter printed, String... arguments) {
    return Bench.commandLine()
        .setOut(new PrintWriter(printed))
        .setErr(new PrintWriter(printed))
        .execute(arguments);
  }

  private static void assertRefused(String why, String... arguments) {
    StringWriter printed = new StringWriter();
    assertNotEquals(0, run(printed, arguments));
    assertTrue(printed.toString(), printed.toString().contains(why));
    assertTrue(printed.toString(), !printed.toString().contains("\tat "));
  }
}
