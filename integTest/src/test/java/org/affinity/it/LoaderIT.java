/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The packaged command line against the real server: load, export, kills of either side. */
public class LoaderIT {

  private static final int DIMENSION = 16;
  private static final int ROWS = 30_000;

  @ClassRule public static final SharedServer SERVER = new SharedServer();

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final CommandLine cli = new CommandLine();
  private Path root;
  private Server server;

  @Before
  public void createIndex() throws Exception {
    root = folder.getRoot().toPath();
    server = SERVER.server();
    server.request("DELETE", "/books", null);
    Server.Reply created =
        server.put(
            "/books",
            "{\"settings\": {\"index.affinity\": true, \"number_of_shards\": 2,"
                + " \"number_of_replicas\": 0}, \"mappings\": {\"properties\": {\"taste\":"
                + " {\"type\": \"embedding\", \"dimension\": 16, \"space_type\": \"l2\"},"
                + " \"title\": {\"type\": \"keyword\"}}}}");
    assertEquals(created.toString(), 200, created.status());
  }

  private List<String> arguments(String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.addAll(List.of("--index=books", "--field=taste", "--url=" + server.url()));
    return arguments;
  }

  private CommandLine.Outcome run(String... more) throws Exception {
    return cli.run(root, arguments(more));
  }

  private long count() throws Exception {
    assertEquals(200, server.post("/books/_refresh", null).status());
    return server.get("/books/_count").body().get("count").asLong();
  }

  /** Bits of all kinds: tiny, huge, negative zero, subnormal. */
  private static float[] vector(int row) {
    Random random = new Random(row);
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(20) - 10));
    }
    vector[0] = row + 1;
    vector[1] = -0.0f;
    vector[2] = Float.MIN_VALUE * (row + 1);
    vector[3] = 0.1f;
    return vector;
  }

  private Path fvecs(int rows) throws Exception {
    ByteBuffer bytes =
        ByteBuffer.allocate(rows * 4 * (DIMENSION + 1)).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < rows; row++) {
      bytes.putInt(DIMENSION);
      for (float each : vector(row)) {
        bytes.putFloat(each);
      }
    }
    return Files.write(root.resolve("v.fvecs"), bytes.array());
  }

  @Test
  public void testWhatIsLoadedIsExportedBitForBitInEveryFormat() throws Exception {
    int rows = 5000;
    cli.expect(0, run("load", fvecs(rows).toString(), "--report=report.json"));
    assertEquals(201, server.put("/books/_doc/none", "{\"title\": \"no vector\"}").status());
    JsonNode report = new ObjectMapper().readTree(root.resolve("report.json").toFile());
    assertEquals(rows, report.at("/coverage/with_vector").asInt());
    assertEquals(0, report.at("/coverage/without_vector").asInt());
    assertEquals(rows, report.get("loaded").asInt());
    assertEquals(200, server.post("/books/_refresh", null).status());

    String said = cli.expect(0, run("export", "--format=npy", "--out=o.npy"));
    assertTrue(said, said.contains("exported  5,000 vectors"));
    assertTrue(said, said.contains("skipped   1 documents without a vector"));
    List<String> ids = Files.readAllLines(root.resolve("o.npy.ids.txt"));
    ByteBuffer npy =
        ByteBuffer.wrap(Files.readAllBytes(root.resolve("o.npy"))).order(ByteOrder.LITTLE_ENDIAN);
    String header = new String(npy.array(), 10, 118, StandardCharsets.US_ASCII);
    assertTrue(header, header.contains("'shape': (5000, 16)"));
    assertEquals(rows, ids.size());
    assertEquals(rows, ids.stream().distinct().count());
    assertEquals(128 + rows * DIMENSION * 4, npy.capacity());
    for (int i = 0; i < rows; i++) {
      float[] read = new float[DIMENSION];
      npy.slice(128 + i * DIMENSION * 4, DIMENSION * 4)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(read);
      assertBits(ids.get(i), read);
    }

    cli.expect(0, run("export", "--format=word2vec", "--out=o.txt"));
    List<String> lines = Files.readAllLines(root.resolve("o.txt"));
    assertEquals("5000 16", lines.getFirst().strip());
    for (String line : lines.subList(1, lines.size())) {
      String[] parts = line.split(" ");
      float[] read = new float[DIMENSION];
      for (int i = 0; i < DIMENSION; i++) {
        read[i] = Float.parseFloat(parts[i + 1]);
      }
      assertBits(parts[0], read);
    }

    cli.expect(0, run("export", "--format=jsonl", "--out=o.jsonl"));
    createIndex();
    cli.expect(0, run("load", "o.jsonl"));
    cli.expect(0, run("export", "--format=npy", "--out=again.npy", "--force"));
    assertEquals(bitsById("o"), bitsById("again"));
  }

  private Map<String, List<Integer>> bitsById(String name) throws Exception {
    List<String> ids = Files.readAllLines(root.resolve(name + ".npy.ids.txt"));
    ByteBuffer npy =
        ByteBuffer.wrap(Files.readAllBytes(root.resolve(name + ".npy")))
            .order(ByteOrder.LITTLE_ENDIAN)
            .position(128);
    Map<String, List<Integer>> bits = new TreeMap<>();
    for (String id : ids) {
      Integer[] row = new Integer[DIMENSION];
      for (int i = 0; i < DIMENSION; i++) {
        row[i] = npy.getInt();
      }
      bits.put(id, Arrays.asList(row));
    }
    return bits;
  }

  private static void assertBits(String id, float[] read) {
    float[] expected = vector(Integer.parseInt(id) - 1);
    int[] bits = new int[DIMENSION];
    int[] expectedBits = new int[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      bits[i] = Float.floatToRawIntBits(read[i]);
      expectedBits[i] = Float.floatToRawIntBits(expected[i]);
    }
    assertArrayEquals(id, expectedBits, bits);
  }

  @Test
  public void testAQueryChoosesWhatIsExported() throws Exception {
    Path file =
        Files.writeString(
            root.resolve("t.jsonl"),
            "{\"id\":\"a\",\"taste\":"
                + Arrays.toString(vector(0))
                + ",\"title\":\"war\"}\n"
                + "{\"id\":\"b\",\"taste\":"
                + Arrays.toString(vector(1))
                + ",\"title\":\"sea\"}\n");
    cli.expect(0, run("load", file.toString()));
    cli.expect(
        0,
        run("export", "--format=jsonl", "--out=o.jsonl", "--query={\"term\":{\"title\":\"sea\"}}"));
    List<String> lines = Files.readAllLines(root.resolve("o.jsonl"));
    assertEquals(lines.toString(), 1, lines.size());
    assertTrue(lines.getFirst(), lines.getFirst().startsWith("{\"id\":\"b\""));
    CommandLine.Outcome refused = run("export", "--format=jsonl", "--out=o.jsonl");
    assertTrue(
        refused.output(), cli.expect(1, refused).contains("is there already; --force replaces it"));
    CommandLine.Outcome bad =
        run("export", "--format=jsonl", "--out=p.jsonl", "--query={\"none\":{}}");
    assertTrue(bad.output(), cli.expect(1, bad).contains("refused a search with 400"));
    try (var files = Files.list(root)) {
      assertTrue(files.noneMatch(path -> path.toString().endsWith(".part")));
    }
  }

  @Test
  public void testModesAndStampDoWhatTheySay() throws Exception {
    assertEquals(201, server.put("/books/_doc/1", "{\"title\": \"one\"}").status());
    String path = fvecs(3).toString();
    String said = cli.expect(2, run("load", path, "--update-only", "--model=als", "--version=7"));
    assertTrue(said, said.contains("rejected  2 rows, 2 of them because they have no document"));
    JsonNode one = server.get("/books/_source/1").body();
    assertEquals("one", one.get("title").asText());
    assertEquals("als", one.get("taste_model").asText());
    assertEquals("7", one.get("taste_version").asText());
    assertEquals(1, count());
    said = cli.expect(2, run("load", path, "--create-only"));
    assertTrue(said, said.contains("rejected  1 rows, 1 of them because their document is there"));
    assertEquals(3, count());
    assertEquals("one", server.get("/books/_source/1").body().get("title").asText());
    createIndex();
    server.put("/books/_mapping", "{\"dynamic\": \"strict\"}");
    said = cli.expect(1, run("load", path, "--model=als"));
    assertTrue(said, said.contains("is strict and has no field 'taste_model'"));
    assertEquals(200, server.post("/books/_close", null).status());
    said = cli.expect(1, run("load", path));
    assertTrue(said, said.contains("index 'books' is closed"));
  }

  @Test
  public void testAKilledLoaderResumesToExactCountsInEveryMode() throws Exception {
    String path = fvecs(ROWS).toString();
    for (String mode : List.of("--batch-docs=250", "--create-only", "--as-update")) {
      createIndex();
      Process load =
          cli.start(
              root,
              arguments("load", path, mode, "--batch-bytes=20000", "--in-flight=3", "--normalize"));
      while (load.isAlive() && count() < 3000) {
        Thread.sleep(20);
      }
      load.destroyForcibly().waitFor();
      long before = count();
      assertTrue("killed midway: " + before, before >= 3000 && before < ROWS);
      CommandLine.Outcome other = run("load", path, mode, "--resume");
      assertTrue(
          other.output(), cli.expect(1, other).contains("--normalize was l2 and is not given"));
      cli.expect(0, run("load", path, mode, "--normalize", "--resume", "--report=r.json"));
      assertEquals(ROWS, count());
      JsonNode report = new ObjectMapper().readTree(root.resolve("r.json").toFile());
      assertEquals(report.toString(), ROWS, report.get("loaded").asInt());
      assertEquals(report.toString(), 0, report.get("rejected").asInt());
      assertEquals(report.toString(), 0, report.get("duplicate_ids").asInt());
      assertFalse(Files.exists(root.resolve("v.fvecs.books.taste.state.json")));
    }
  }

  @Test
  public void testAKilledServerLosesNothingThatWasAcknowledged() throws Exception {
    String path = fvecs(ROWS).toString();
    Process load = cli.start(root, arguments("load", path, "--batch-bytes=20000", "--in-flight=3"));
    while (load.isAlive() && count() < 3000) {
      Thread.sleep(20);
    }
    server.kill();
    assertTrue("the server was killed midway", load.isAlive());
    server.start();
    int code = load.waitFor();
    long before = count();
    if (code != 0) { // it came back too late
      cli.expect(0, run("load", path, "--resume"));
    }
    assertEquals("after " + before, ROWS, count());
    cli.expect(0, run("export", "--format=npy", "--out=o.npy"));
    List<String> ids = Files.readAllLines(root.resolve("o.npy.ids.txt"));
    Map<String, List<Integer>> bits = bitsById("o");
    assertEquals(ROWS, bits.size());
    assertEquals(ROWS, ids.size());
    for (int row = 0; row < ROWS; row += 997) {
      float[] expected = vector(row);
      List<Integer> stored = bits.get(Integer.toString(row + 1));
      for (int i = 0; i < DIMENSION; i++) {
        assertEquals(Float.floatToRawIntBits(expected[i]), stored.get(i).intValue());
      }
    }
  }
}
