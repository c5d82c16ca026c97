/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.affinity.ingest.EmbeddingFormat;
import org.affinity.ingest.EmbeddingFormats;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.Row;
import org.affinity.ingest.SampleFiles;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Files cut short, made to do harm, or of other programs. */
public class BrokenFilesTests {
  private static final List<String> WORDS = List.of("one", "zwei", "三", "4");
  private static final float[][] VECTORS = {
    {1.5f, -2, 0.25f}, {3, 1e-9f, 7}, {-1, 0.125f, 2}, {0.5f, 0.75f, 9.5f}
  };

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private Path file(byte[] content) throws IOException {
    return FormatFiles.write(folder.newFile().toPath(), content);
  }

  private static String message(Path file) {
    IOException e = assertThrows(IOException.class, () -> FormatFiles.read(file));
    assertTrue(e.getMessage(), e.getMessage().contains(file.toString()));
    return e.getMessage();
  }

  private static EmbeddingFormat format(String label) {
    return EmbeddingFormats.standard().find(label);
  }

  /** Cut anywhere, a file gives its first rows as they are and then an error or rejects. */
  private void assertCutIsNoticed(String label, byte[] whole) throws IOException {
    Path cut = folder.newFile().toPath();
    for (int length = 0; length < whole.length; length++) {
      Files.write(cut, Arrays.copyOf(whole, length));
      String context = label + " cut to " + length + " of " + whole.length;
      List<Row> rows;
      boolean broken = false;
      try (EmbeddingReader reader = format(label).open(EmbeddingSource.of(cut))) {
        rows = new ArrayList<>();
        try {
          for (var row = reader.next(); row.isPresent(); row = reader.next()) {
            rows.add(row.get());
          }
        } catch (IOException e) {
          broken = true;
          assertTrue(context + e.getMessage(), e.getMessage().contains(cut.toString()));
        }
      } catch (IOException e) {
        assertTrue(context + ": " + e.getMessage(), e.getMessage().contains(cut.toString()));
        continue;
      }
      int good = 0;
      for (Row row : rows) {
        if (row instanceof Row.Accepted accepted) {
          assertArrayEquals(context, VECTORS[good], accepted.embedding().vector(), 0);
          good++;
        }
      }
      assertTrue(context, broken || good < rows.size() || good == VECTORS.length);
      assertTrue(context, good < VECTORS.length || broken || length >= whole.length - 30);
    }
  }

  @Test
  public void testWordVectorsCutAnywhere() throws IOException {
    assertCutIsNoticed("word2vec", FormatFiles.word2vecText(WORDS, VECTORS, true));
    assertCutIsNoticed("word2vec-binary", FormatFiles.word2vecBinary(WORDS, VECTORS, true));
    assertCutIsNoticed("word2vec-binary", FormatFiles.word2vecBinary(WORDS, VECTORS, false));
  }

  @Test
  public void testArraysCutAnywhere() throws IOException {
    for (boolean fortran : new boolean[] {false, true}) {
      byte[] npy = FormatFiles.npy(1, "<f4", fortran, VECTORS);
      assertCutIsNoticed("npy", npy);
      assertCutIsNoticed("npy", FormatFiles.gzip(npy));
      assertCutIsNoticed("npz", entriesOf(FormatFiles.zip(true, Map.of("v.npy", npy))));
    }
    assertCutIsNoticed("safetensors", FormatFiles.safetensors(VECTORS));
  }

  @Test
  public void testPackedFilesCutAnywhere() throws IOException {
    byte[] binary = FormatFiles.word2vecBinary(WORDS, VECTORS, true);
    assertCutIsNoticed("word2vec-binary", FormatFiles.gzip(binary));
    assertCutIsNoticed("word2vec-binary", FormatFiles.zstd(binary));
    assertCutIsNoticed(
        "dl4j",
        entriesOf(
            FormatFiles.zip(false, Map.of("syn0.txt", FormatFiles.dl4jText(WORDS, VECTORS)))));
    byte[] table = FormatFiles.csv(',', WORDS, VECTORS, false);
    assertCutIsNoticed("csv", FormatFiles.gzip(table));
    assertCutIsNoticed("csv", FormatFiles.zstd(table));
  }

  /** An archive without its directory, which the readers, going forward, never see. */
  private static byte[] entriesOf(byte[] zip) {
    for (int i = 0; i < zip.length; i++) {
      if (zip[i] == 'P' && zip[i + 1] == 'K' && zip[i + 2] == 1 && zip[i + 3] == 2) {
        return Arrays.copyOf(zip, i);
      }
    }
    throw new AssertionError("no directory");
  }

  @Test
  public void testNumbersThatNoBytesFollowAreNotBelieved() throws IOException {
    for (String header : List.of("2000000000 300\n", "999999999999999999 65536\n")) {
      Path text = file(FormatFiles.utf8(header + "king 1 2\n"));
      assertTrue(((Row.Rejected) firstOf("word2vec", text)).reason().contains("2 numbers instead"));
      Path binary = file(FormatFiles.utf8(header + "king \0\0"));
      assertTrue(message(binary), message(binary).contains("its header promises"));
    }
    Path giant = file(FormatFiles.utf8("3 2000000000\nking \0\0\0\0"));
    assertTrue(message(giant), message(giant).contains("claims dimension 2,000,000,000"));
    for (String shape : List.of("2000000000, 300", "9223372036854775807, 3", "3, 2000000000")) {
      Path npy = file(FormatFiles.npyHead(1, FormatFiles.dictionary("<f4", true, shape)));
      assertTrue(message(npy), message(npy).contains("claims") || message(npy).contains("cut"));
      Path packed = file(FormatFiles.gzip(Files.readAllBytes(npy)));
      message(packed);
    }
    byte[] head = FormatFiles.npyHead(2, FormatFiles.dictionary("<f4", false, "1, 1"));
    head[11] = 0x7f;
    assertTrue(message(file(head)).contains("claims a header of 2,"));
    byte[] tensors = FormatFiles.safetensors(VECTORS);
    tensors[2] = 0x7f;
    assertTrue(
        assertThrows(
                IOException.class,
                () -> format("safetensors").open(EmbeddingSource.of(file(tensors))))
            .getMessage()
            .contains("cut short"));
  }

  private static Row firstOf(String label, Path file) throws IOException {
    try (EmbeddingReader reader = format(label).open(EmbeddingSource.of(file))) {
      return reader.next().orElseThrow();
    }
  }

  @Test
  public void testWrongMagicIsRefusedByName() throws IOException {
    Path text = file(FormatFiles.utf8("hello\n"));
    for (String label : List.of("npy", "npz", "dl4j", "word2vec-binary", "safetensors")) {
      IOException e =
          assertThrows(
              label, IOException.class, () -> format(label).open(EmbeddingSource.of(text)));
      assertTrue(label + ": " + e.getMessage(), e.getMessage().contains(text.toString()));
    }
    assertTrue(message(text), message(text).contains("looks like none of jsonl, npy, npz, dl4j"));
    Path nothing = file(new byte[0]);
    assertTrue(message(nothing), message(nothing).endsWith("is empty"));
    IOException folderIs =
        assertThrows(
            IOException.class, () -> EmbeddingFormats.standard().detect(folder.getRoot().toPath()));
    assertTrue(folderIs.getMessage(), folderIs.getMessage().contains("looks like none of"));
  }

  @Test
  public void testEntriesThatLeadOutAreRefused() throws IOException {
    byte[] npy = FormatFiles.npy(1, "<f4", false, VECTORS);
    for (String name :
        List.of("../v.npy", "/tmp/v.npy", "a/../../v.npy", "C:\\v.npy", "..\\v.npy")) {
      Path zip = file(FormatFiles.zip(false, Map.of(name, npy)));
      assertTrue(message(zip), message(zip).contains("leads out of the archive"));
    }
    assertEquals(4, FormatFiles.read(file(FormatFiles.zip(false, Map.of("v.npy", npy)))).size());
  }

  @Test
  public void testAStoredEntryWithItsSizeBehindItIsRefusedInWords() throws IOException {
    byte[] zip = FormatFiles.zip(true, Map.of("v.npy", FormatFiles.npy(1, "<f4", false, VECTORS)));
    zip[6] |= 8; // the flag that says so
    Path path = file(zip);
    assertTrue(
        message(path), message(path).startsWith(path + ": an entry is stored with its size"));
    assertTrue(message(path), message(path).endsWith("save it to a file, or compressed"));
  }

  /** What is cheap to store and endless to read ends soon, whatever packs it. */
  @Test
  public void testBombsEndAtALimit() throws IOException {
    byte[] zeros = new byte[1 << 20];
    byte[] head = FormatFiles.npyHead(1, FormatFiles.dictionary("<f4", false, "2000000000, 1024"));
    Path gzip = folder.newFile().toPath();
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
      out.write(head);
      for (int i = 0; i < 100; i++) {
        out.write(zeros);
      }
    }
    assertTrue(message(gzip), message(gzip).contains("unpacks to more than 200 times"));
    Path npz = folder.newFile().toPath();
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(npz))) {
      out.putNextEntry(new ZipEntry("v.npy"));
      out.write(head);
      for (int i = 0; i < 100; i++) {
        out.write(zeros);
      }
    }
    assertTrue(message(npz), message(npz).contains("unpacks to more than 200 times"));
    byte[] spaces = new byte[100 << 20];
    Arrays.fill(spaces, (byte) '\n');
    spaces[0] = '{';
    Path zstd = file(FormatFiles.zstd(spaces));
    assertTrue(message(zstd), message(zstd).contains("unpacks to more than 200 times"));
  }

  @Test
  public void testColumnsInAPackedFileAreHeldUpToALimit() throws IOException {
    byte[] head = FormatFiles.npyHead(1, FormatFiles.dictionary("<f4", true, "100000, 1024"));
    Path packed = file(FormatFiles.gzip(head));
    assertTrue(message(packed), message(packed).contains("numpy.ascontiguousarray"));
  }

  @Test
  public void testFilesOfOtherProgramsAreRefusedWithTheWayOut() throws IOException {
    Map<String, byte[]> known = new LinkedHashMap<>();
    known.put(
        "KeyedVectors.load(f).save_word2vec_format('vectors.bin', binary=True)",
        new byte[] {(byte) 0x80, 4, (byte) 0x95, 1, 0, 0, 0, 0});
    known.put(
        "weights.detach()",
        FormatFiles.zip(true, Map.of("archive/data.pkl", new byte[] {(byte) 0x80, 2})));
    known.put(
        "weights.detach().cpu()",
        new byte[] {(byte) 0x80, 2, (byte) 0x8a, 0x0a, 'l', (byte) 0xfc, (byte) 0x9c, 'F'});
    known.put(
        "h5py.File(f)", new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n', 0, 0});
    known.put(
        "load_facebook_vectors(f)",
        new byte[] {(byte) 0xba, 0x16, 0x4f, 0x2f, 12, 0, 0, 0, 100, 0, 0, 0});
    known.put("pandas.read_feather(f)", FormatFiles.utf8("ARROW1\0\0....."));
    for (Map.Entry<String, byte[]> each : known.entrySet()) {
      Path file = file(each.getValue());
      assertTrue(message(file), message(file).contains(each.getKey()));
      Path packed = file(FormatFiles.gzip(each.getValue()));
      assertTrue(message(packed), message(packed).contains(each.getKey()));
    }
    assertThrows(IllegalArgumentException.class, () -> format("foreign"));
  }

  @Test
  public void testArraysOfNoNumbersAreRefusedWithTheWayOut() throws IOException {
    Map<String, String> types =
        Map.of("|O", "objects", "[('a', '<f4')]", "structures", "<U5", "<U5", "<i8", "astype");
    for (Map.Entry<String, String> each : types.entrySet()) {
      String type = each.getKey();
      String dictionary = FormatFiles.dictionary(type, false, "2, 2");
      if (type.startsWith("[")) {
        dictionary = dictionary.replace("'" + type + "'", type);
      }
      Path file = file(FormatFiles.npyHead(1, dictionary));
      assertTrue(message(file), message(file).contains(each.getValue()));
      assertTrue(message(file), message(file).contains("numpy.save"));
    }
    for (String shape : List.of("", "3,", "2, 3, 4")) {
      Path file = file(FormatFiles.npyHead(1, FormatFiles.dictionary("<f4", false, shape)));
      assertTrue(message(file), message(file).contains("axes, not rows and columns"));
    }
    Path version = file(FormatFiles.npyHead(9, FormatFiles.dictionary("<f4", false, "1, 1")));
    assertTrue(message(version), message(version).contains("version 9 is not known"));
  }

  @Test
  public void testNaNAndInfinityCostTheirRow() throws IOException {
    float[][] bad = {{1, 2}, {Float.NaN, 1}, {1, Float.POSITIVE_INFINITY}, {3, 4}};
    List<String> words = List.of("a", "b", "c", "d");
    for (byte[] content :
        List.of(
            FormatFiles.word2vecText(words, bad, true),
            FormatFiles.word2vecBinary(words, bad, true),
            FormatFiles.npy(1, "<f2", false, bad),
            FormatFiles.npy(1, ">f8", true, bad),
            FormatFiles.csv(',', words, bad, false),
            FormatFiles.csv('\t', words, bad, true),
            FormatFiles.dl4j(words, bad),
            FormatFiles.safetensors(bad))) {
      List<Row> rows = FormatFiles.read(file(content));
      assertEquals(4, rows.size());
      assertEquals("vector[0] is NaN", ((Row.Rejected) rows.get(1)).reason());
      assertEquals("vector[1] is infinite", ((Row.Rejected) rows.get(2)).reason());
      assertEquals(Row.Accepted.class, rows.get(3).getClass());
    }
    Path large = file(FormatFiles.utf8("id,v\na,1e39 2\nb,1e38 2\n"));
    assertEquals("vector[0] is infinite", ((Row.Rejected) FormatFiles.read(large).get(0)).reason());
  }

  @Test
  public void testIdsInBothPlacesAreRefused() throws IOException {
    Path words = file(FormatFiles.word2vecText(WORDS, VECTORS, true));
    EmbeddingSource source = new EmbeddingSource(words, Optional.of(words), "id", "vector", 0);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> format("word2vec").open(source));
    assertTrue(e.getMessage(), e.getMessage().contains("words are the ids"));
    assertEquals(List.of(words, words), format("npy").files(source));
    assertEquals(1, SampleFiles.readAll(format("csv").open(csv("a,1,2\n"))).size());
  }

  private EmbeddingSource csv(String text) throws IOException {
    return EmbeddingSource.of(file(FormatFiles.utf8(text)));
  }
}
