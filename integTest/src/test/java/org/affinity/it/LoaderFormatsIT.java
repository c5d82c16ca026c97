/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * What trainers write, real where it is there, through the packaged command line into the real
 * server, and out again bit for bit.
 */
public class LoaderFormatsIT {

  private static final Path DATA = Path.of(System.getProperty("affinity.goodbooks")).resolve("..");

  @ClassRule public static final SharedServer SERVER = new SharedServer();

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final CommandLine cli = new CommandLine();
  private Path root;
  private Server server;

  @Before
  public void setUp() throws Exception {
    root = folder.getRoot().toPath();
    server = SERVER.server();
  }

  private void index(int dimension, String space) throws Exception {
    server.request("DELETE", "/things", null);
    Server.Reply created =
        server.put(
            "/things",
            """
            {"settings": {"index.affinity": true, "number_of_shards": 1, "number_of_replicas": 0},
             "mappings": {"properties": {"taste": {"type": "embedding", "dimension": %d,
               "space_type": "%s", "method": {"name": "flat"}}}}}"""
                .formatted(dimension, space));
    assertEquals(created.toString(), 200, created.status());
  }

  private String run(int code, String command, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("--index=things", "--field=taste", "--url=" + server.url()));
    return cli.expect(code, cli.run(root, arguments));
  }

  private JsonNode report() throws Exception {
    return new ObjectMapper().readTree(root.resolve("report.json").toFile());
  }

  /** Loads, exports, and compares every bit. */
  private void assertComesBack(Map<String, float[]> vectors, String... load) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(load));
    arguments.add("--report=report.json");
    run(0, "load", arguments.toArray(String[]::new));
    assertEquals(report().toString(), vectors.size(), report().get("created").asInt());
    assertStored(vectors);
  }

  private void assertStored(Map<String, float[]> vectors) throws Exception {
    assertEquals(200, server.post("/things/_refresh", null).status());
    run(0, "export", "--format=npy", "--out=stored.npy", "--force");
    Map<String, float[]> stored = npy("stored.npy", vectors.values().iterator().next().length);
    assertEquals(vectors.keySet(), stored.keySet());
    vectors.forEach((id, vector) -> assertArrayEquals(id, bits(vector), bits(stored.get(id))));
  }

  private static int[] bits(float[] vector) {
    return IntStream.range(0, vector.length).map(i -> Float.floatToRawIntBits(vector[i])).toArray();
  }

  private Map<String, float[]> npy(String name, int dimension) throws Exception {
    ByteBuffer bytes =
        ByteBuffer.wrap(Files.readAllBytes(root.resolve(name)))
            .order(ByteOrder.LITTLE_ENDIAN)
            .position(128);
    Map<String, float[]> vectors = new TreeMap<>();
    for (String id : Files.readAllLines(root.resolve(name + ".ids.txt"))) {
      float[] vector = new float[dimension];
      for (int i = 0; i < dimension; i++) {
        vector[i] = bytes.getFloat();
      }
      vectors.put(id, vector);
    }
    assertEquals(0, bytes.remaining());
    return vectors;
  }

  private static Map<String, float[]> byId(List<String> ids, List<float[]> vectors) {
    Map<String, float[]> byId = new TreeMap<>();
    for (int i = 0; i < vectors.size(); i++) {
      byId.put(ids.get(i), vectors.get(i));
    }
    return byId;
  }

  private static DataFolder data(String name, String file) {
    DataFolder data = new DataFolder(DATA.resolve(name));
    assumeTrue("skipped: no " + data.file(file), data.has(file));
    return data;
  }

  @Test
  public void testGoodbooksFvecsWithAndWithoutIds() throws Exception {
    DataFolder data = data("goodbooks", "user-als64-gen2.fvecs");
    index(64, "innerproduct");
    assertComesBack(
        byId(data.lines("user-ids-gen2.txt"), data.fvecs("user-als64-gen2.fvecs")),
        data.file("user-als64-gen2.fvecs").toString(),
        "--ids=" + data.file("user-ids-gen2.txt"));
    index(64, "innerproduct");
    List<float[]> items = data.fvecs("item-als64-gen2.fvecs");
    assertComesBack(
        byId(IntStream.rangeClosed(1, items.size()).mapToObj(Integer::toString).toList(), items),
        data.file("item-als64-gen2.fvecs").toString());
  }

  @Test
  public void testGloveAsTextAndAsFvecsWithItsWords() throws Exception {
    DataFolder data = data("glove-6b-100d", "base.fvecs");
    int rows = 10_000;
    List<float[]> vectors = data.fvecs("base.fvecs").subList(0, rows);
    List<String> words = data.lines("base-words.txt").subList(0, rows);
    Map<String, float[]> byWord = byId(words, vectors);
    ByteBuffer fvecs = ByteBuffer.allocate(rows * 101 * 4).order(ByteOrder.LITTLE_ENDIAN);
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < rows; row++) {
      fvecs.putInt(100);
      text.append(words.get(row));
      for (float each : vectors.get(row)) {
        fvecs.putFloat(each);
        text.append(' ').append(each);
      }
      text.append('\n');
    }
    Files.writeString(root.resolve("glove.txt"), text);
    Files.write(root.resolve("glove.fvecs"), fvecs.array());
    Files.write(root.resolve("words.txt"), words);
    index(100, "cosinesimil");
    assertComesBack(byWord, "glove.txt");
    index(100, "cosinesimil");
    assertComesBack(byWord, "glove.fvecs", "--ids=words.txt");
  }

  @Test
  public void testZeroVectorsOfOnlineRetailAreRejectedUnderCosineOnly() throws Exception {
    DataFolder data = data("online-retail", "item-als48.fvecs");
    List<float[]> vectors = data.fvecs("item-als48.fvecs");
    List<String> codes =
        data.lines("products.tsv").stream().skip(1).map(line -> line.split("\t")[0]).toList();
    Map<String, float[]> all = byId(codes, vectors);
    String file = data.file("item-als48.fvecs").toString();
    String ids = "--ids=" + data.file("products.tsv");
    index(48, "innerproduct");
    assertComesBack(all, file, ids);
    assertEquals(70, report().get("zero_vectors").asInt());
    JsonNode product = server.get("/things/_doc/10002").body().get("_source");
    assertEquals("INFLATABLE POLITICAL GLOBE", product.get("description").asText());

    index(48, "cosinesimil");
    run(2, "load", file, ids, "--rejects=rejects.jsonl");
    List<String> rejects = Files.readAllLines(root.resolve("rejects.jsonl"));
    assertEquals(70, rejects.size());
    for (String line : rejects) {
      JsonNode reject = new ObjectMapper().readTree(line);
      assertEquals(line, 0, norm(all.remove(reject.get("id").asText())), 0);
      assertTrue(line, reject.get("reason").asText().contains("zero"));
    }
    assertStored(all);
  }

  private static double norm(float[] vector) {
    return IntStream.range(0, vector.length).mapToDouble(i -> vector[i] * vector[i]).sum();
  }

  @Test
  public void testBothSidesOfAnAlsModelThatSparkSaved() throws Exception {
    String model = Path.of(System.getProperty("affinity.spark"), "als").toString();
    index(3, "innerproduct");
    String said = run(1, "load", model);
    assertTrue(said, said.contains("say which: --side item or --side user"));
    said = run(0, "load", model, "--side=item", "--model=als");
    assertTrue(said, said.contains("loaded    6 documents: 6 new"));
    JsonNode item = server.get("/things/_source/100").body();
    float[] expected = {-1.5628349f, 1.530645f, -1.5275207f};
    float[] stored = new float[3];
    ByteBuffer.wrap(Base64.getDecoder().decode(item.get("taste").asText()))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(stored);
    assertArrayEquals(expected, stored, 0);
    assertEquals("als", item.get("taste_model").asText());
    index(4, "innerproduct");
    said = run(1, "load", model, "--side=user");
    assertTrue(said, said.contains("trained with rank 3, but dimension 4 is asked for"));
    index(3, "innerproduct");
    said = run(0, "load", model, "--side=user");
    assertTrue(said, said.contains("loaded    8 documents: 8 new"));
  }

  @Test
  public void testWhatIsExportedIsLoadedAgainInEveryFormat() throws Exception {
    int dimension = 5;
    Map<String, float[]> vectors = new TreeMap<>();
    for (int i = 0; i < 3000; i++) {
      float[] vector = {i, -0.0f, Float.MIN_VALUE, 1f / (i + 1), (float) Math.sin(i) * 1e-20f};
      vectors.put("ü" + i, vector);
    }
    ByteBuffer npy =
        ByteBuffer.allocate(vectors.size() * dimension * 4).order(ByteOrder.LITTLE_ENDIAN);
    vectors.values().forEach(vector -> IntStream.range(0, 5).forEach(i -> npy.putFloat(vector[i])));
    String dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (3000, 5), }";
    String header = dictionary + " ".repeat(117 - dictionary.length()) + "\n";
    try (var out = Files.newOutputStream(root.resolve("v.npy"))) {
      out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
      out.write(header.getBytes(StandardCharsets.US_ASCII));
      out.write(npy.array());
    }
    Files.write(root.resolve("ids.txt"), vectors.keySet());
    index(dimension, "l2");
    assertComesBack(vectors, "v.npy", "--ids=ids.txt");
    for (String format : List.of("parquet", "npy", "word2vec", "jsonl")) {
      run(0, "export", "--format=" + format, "--out=all." + format, "--force");
    }
    for (List<String> load :
        List.of(
            List.of("all.parquet"),
            List.of("all.npy", "--ids=all.npy.ids.txt"),
            List.of("all.word2vec"),
            List.of("all.jsonl"))) {
      index(dimension, "l2");
      assertComesBack(vectors, load.toArray(String[]::new));
    }
    byte[] parquet = Files.readAllBytes(root.resolve("all.parquet"));
    Path parts = Files.createDirectory(root.resolve("parts"));
    Files.write(parts.resolve("part-0.parquet"), parquet);
    Files.write(parts.resolve("part-1.parquet"), Arrays.copyOf(parquet, parquet.length / 2));
    index(dimension, "l2");
    String said = run(1, "load", "parts");
    assertTrue(said, said.contains("part-1.parquet: it does not end with PAR1"));
    assertEquals(200, server.post("/things/_refresh", null).status());
    assertEquals(0, server.get("/things/_count").body().get("count").asInt());
  }
}
