/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.affinity.ingest.EmbeddingFormats;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.Row;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Every form is told by its content, packed or not, and gives each float32 bit for bit. */
public class RoundTripTests {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final long seed = Long.getLong("tests.round.trip.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private int rows;
  private int dimension;

  @Before
  public void chooseSizes() {
    rows = 2 + random.nextInt(60);
    dimension = 2 + random.nextInt(90);
  }

  /** Any finite float32, subnormal ones too. */
  private float[][] vectors() {
    float[][] vectors = new float[rows][dimension];
    for (float[] vector : vectors) {
      for (int i = 0; i < dimension; i++) {
        do {
          vector[i] =
              random.nextInt(4) == 0
                  ? Float.intBitsToFloat(random.nextInt())
                  : (float) random.nextGaussian();
        } while (!Float.isFinite(vector[i]));
      }
    }
    return vectors;
  }

  private List<String> words() {
    String[] parts = {"a", "ß", "日本", "😀", "-", "_", "'", "Ω", "x1", ".", "\u00a0", ":"};
    Set<String> words = new HashSet<>();
    while (words.size() < rows) {
      StringBuilder word = new StringBuilder("w");
      for (int i = random.nextInt(6); i >= 0; i--) {
        word.append(parts[random.nextInt(parts.length)]);
      }
      words.add(word.append(words.size()).toString());
    }
    return new ArrayList<>(words);
  }

  private void assertSame(String what, List<String> ids, float[][] vectors, List<Row> read) {
    String context = what + ", seed " + seed;
    assertEquals(context, vectors.length, read.size());
    for (int i = 0; i < vectors.length; i++) {
      assertEquals(context + ": " + read.get(i), Row.Accepted.class, read.get(i).getClass());
      Row.Accepted row = (Row.Accepted) read.get(i);
      assertEquals(context, ids.get(i), row.embedding().id());
      assertEquals(context, dimension, row.embedding().vector().length);
      for (int j = 0; j < dimension; j++) {
        assertEquals(
            context + " row " + i + " position " + j,
            Float.floatToRawIntBits(vectors[i][j]),
            Float.floatToRawIntBits(row.embedding().vector()[j]));
      }
    }
  }

  private void assertAllPackings(
      String label, byte[] content, Optional<byte[]> idList, List<String> ids, float[][] vectors)
      throws IOException {
    Map<String, byte[]> packings = new LinkedHashMap<>();
    packings.put("plain", content);
    packings.put("gzip", FormatFiles.gzip(content));
    packings.put("zstd", FormatFiles.zstd(content));
    for (Map.Entry<String, byte[]> each : packings.entrySet()) {
      Path file = FormatFiles.write(folder.newFile().toPath(), each.getValue());
      String what = label + " " + each.getKey();
      assertEquals(
          what + ", seed " + seed, label, EmbeddingFormats.standard().detect(file).label());
      Optional<Path> list =
          idList.isEmpty()
              ? Optional.empty()
              : Optional.of(FormatFiles.write(folder.newFile().toPath(), idList.get()));
      assertSame(
          what,
          ids,
          vectors,
          FormatFiles.read(new EmbeddingSource(file, list, "id", "vector", dimension)));
    }
  }

  private void assertReads(String label, byte[] content, List<String> ids, float[][] vectors)
      throws IOException {
    assertAllPackings(label, content, Optional.empty(), ids, vectors);
  }

  @Test
  public void testWord2vecText() throws IOException {
    List<String> words = words();
    float[][] v = vectors();
    assertReads("word2vec", FormatFiles.word2vecText(words, v, true), words, v);
    assertReads("word2vec", FormatFiles.word2vecText(words, v, false), words, v);
  }

  @Test
  public void testWord2vecBinary() throws IOException {
    List<String> words = words();
    float[][] v = vectors();
    assertReads("word2vec-binary", FormatFiles.word2vecBinary(words, v, true), words, v);
    assertReads("word2vec-binary", FormatFiles.word2vecBinary(words, v, false), words, v);
  }

  @Test
  public void testNumPyInAllVersionsAndOrders() throws IOException {
    List<String> ids = words();
    float[][] v = vectors();
    Optional<byte[]> list = Optional.of(FormatFiles.utf8(String.join("\n", ids)));
    for (int version = 1; version <= 3; version++) {
      for (String type : List.of("<f4", ">f4", "<f8", ">f8")) {
        for (boolean fortran : new boolean[] {false, true}) {
          assertAllPackings("npy", FormatFiles.npy(version, type, fortran, v), list, ids, v);
        }
      }
    }
    list = Optional.of(FormatFiles.npyTexts(ids, false));
    assertAllPackings("npy", FormatFiles.npy(1, "<f4", false, v), list, ids, v);
  }

  @Test
  public void testHalfPrecisionIsWidenedExactly() throws IOException {
    float[][] v = vectors();
    for (float[] vector : v) {
      for (int i = 0; i < dimension; i++) {
        vector[i] = Float.float16ToFloat(Float.floatToFloat16((float) random.nextGaussian()));
      }
    }
    List<String> ids = new ArrayList<>();
    for (int i = 1; i <= rows; i++) {
      ids.add(Integer.toString(i));
    }
    assertReads("npy", FormatFiles.npy(1, "<f2", false, v), ids, v);
    assertReads("npy", FormatFiles.npy(2, ">f2", true, v), ids, v);
  }

  @Test
  public void testNumPyArchives() throws IOException {
    List<String> ids = words();
    float[][] v = vectors();
    for (boolean stored : new boolean[] {true, false}) {
      for (boolean fortran : new boolean[] {true, false}) {
        byte[] array = FormatFiles.npy(1, "<f4", fortran, v);
        byte[] names = FormatFiles.npyTexts(ids, stored);
        assertReads("npz", FormatFiles.npz(stored, array, names), ids, v);
      }
    }
  }

  @Test
  public void testTables() throws IOException {
    List<String> ids = words();
    ids.set(0, "w, with; \"all\"\n that | divides");
    float[][] v = vectors();
    for (char delimiter : new char[] {',', '\t', ';', '|'}) {
      for (boolean oneColumn : new boolean[] {true, false}) {
        assertReads("csv", FormatFiles.csv(delimiter, ids, v, oneColumn), ids, v);
      }
    }
  }

  @Test
  public void testTheRest() throws IOException {
    List<String> ids = words();
    float[][] v = vectors();
    assertReads("dl4j", FormatFiles.dl4j(ids, v), ids, v);
    assertReads("jsonl", FormatFiles.jsonLines(ids, v), ids, v);
    Optional<byte[]> list = Optional.of(FormatFiles.utf8(String.join("\n", ids) + "\n"));
    assertAllPackings("fvecs", FormatFiles.fvecs(v), list, ids, v);
    assertAllPackings("safetensors", FormatFiles.safetensors(v), list, ids, v);
  }
}
