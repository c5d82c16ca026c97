/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.affinity.ingest.Embedding;
import org.affinity.ingest.EmbeddingFormats;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.Row;
import org.affinity.ingest.SampleFiles;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class NumPyTests {
  private static final float[][] VECTORS = {{1, 2}, {3, 4}, {5, 6}};

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private Path file(byte[] content) throws IOException {
    return FormatFiles.write(folder.newFile().toPath(), content);
  }

  private static List<Row> read(Path vectors, Path ids) throws IOException {
    return FormatFiles.read(new EmbeddingSource(vectors, Optional.of(ids), "id", "vector", 0));
  }

  private static List<String> ids(List<Row> rows) {
    return rows.stream()
        .map(each -> each instanceof Row.Accepted row ? row.embedding().id() : null)
        .toList();
  }

  @Test
  public void testIdsMayBeArraysOfAnyKind() throws IOException {
    Path vectors = file(FormatFiles.npy(1, "<f4", false, VECTORS));
    Path longs = file(FormatFiles.npyLongs(7, -1, Long.MAX_VALUE));
    assertEquals(List.of("7", "-1", "9223372036854775807"), ids(read(vectors, longs)));
    Path texts = file(FormatFiles.npyTexts(List.of("a", "日本", "😀x"), true));
    assertEquals(List.of("a", "日本", "😀x"), ids(read(vectors, texts)));
    byte[] head = FormatFiles.npyHead(1, FormatFiles.dictionary("|S3", false, "3,"));
    byte[] bytes = java.util.Arrays.copyOf(head, head.length + 9);
    System.arraycopy(
        new byte[] {'a', 'b', 0, 'c', 'd', 'e', (byte) 0xff, 0, 0}, 0, bytes, head.length, 9);
    List<Row> rows = read(vectors, file(bytes));
    assertEquals("cde", ids(rows).get(1));
    assertTrue(((Row.Rejected) rows.get(2)).reason().contains("not UTF-8: id 3"));
    Path unsigned = file(unsigned());
    assertEquals("18446744073709551615", ids(read(vectors, unsigned)).get(0));
  }

  private static byte[] unsigned() {
    byte[] longs = FormatFiles.npyLongs(-1, 2, 3);
    for (int i = 0; i < longs.length - 3; i++) {
      if (longs[i] == '<' && longs[i + 1] == 'i') {
        longs[i + 1] = 'u';
      }
    }
    return longs;
  }

  @Test
  public void testListsOfAnotherLengthOrKindAreRefused() throws IOException {
    Path vectors = file(FormatFiles.npy(1, "<f4", false, VECTORS));
    for (byte[] list : List.of(FormatFiles.npyLongs(1, 2), FormatFiles.utf8("a\nb\n"))) {
      Path ids = file(list);
      IOException e = assertThrows(IOException.class, () -> read(vectors, ids));
      assertTrue(e.getMessage(), e.getMessage().contains("3 vectors but"));
      assertTrue(e.getMessage(), e.getMessage().contains("2 ids; nothing was loaded"));
    }
    IOException e = assertThrows(IOException.class, () -> read(vectors, vectors));
    assertTrue(e.getMessage(), e.getMessage().contains("cannot hold the ids"));
    Path objects = file(FormatFiles.npyHead(1, FormatFiles.dictionary("|O", false, "3,")));
    e = assertThrows(IOException.class, () -> read(vectors, objects));
    assertTrue(e.getMessage(), e.getMessage().contains("dtype=str"));
  }

  @Test
  public void testColumnsOfMoreThanABlockComeBackAsRows() throws IOException {
    float[][] vectors = new float[70_001][40];
    for (int i = 0; i < vectors.length; i++) {
      for (int j = 0; j < 40; j++) {
        vectors[i][j] = i * 41 + j;
      }
    }
    Path file = file(FormatFiles.npy(1, "<f4", true, vectors));
    try (EmbeddingReader reader = new NpyFormat().open(EmbeddingSource.of(file))) {
      for (int i = 0; i < vectors.length; i++) {
        Embedding row = ((Row.Accepted) reader.next().orElseThrow()).embedding();
        assertArrayEquals(vectors[i], row.vector(), 0);
        assertEquals(Integer.toString(i + 1), row.id());
      }
      assertTrue(reader.next().isEmpty());
      assertEquals(reader.length(), reader.position());
    }
  }

  @Test
  public void testArraysOfAnArchiveAreFoundByNameOrBecauseTheyAreAlone() throws IOException {
    byte[] a = FormatFiles.npy(1, "<f4", false, VECTORS);
    byte[] b = FormatFiles.npy(1, "<f4", false, new float[][] {{9}, {8}, {7}});
    byte[] keys = FormatFiles.npyTexts(List.of("x", "y", "z"), false);
    byte[] counts = FormatFiles.npyLongs(5, 5, 5);
    Path alone = archive(Map.of("whatever", a, "keys", keys));
    assertEquals(List.of("x", "y", "z"), ids(FormatFiles.read(alone)));
    Path numbered = archive(Map.of("whatever", a));
    assertEquals(List.of("1", "2", "3"), ids(FormatFiles.read(numbered)));
    Path two = archive(Map.of("a", a, "b", b));
    IOException e = assertThrows(IOException.class, () -> FormatFiles.read(two));
    assertTrue(e.getMessage(), e.getMessage().contains("more than one array of vectors"));
    List<Row> rows = FormatFiles.read(new EmbeddingSource(two, Optional.empty(), "id", "b", 0));
    assertArrayEquals(new float[] {8}, ((Row.Accepted) rows.get(1)).embedding().vector(), 0);
    Path unclear = archive(Map.of("a", a, "counts", counts));
    e = assertThrows(IOException.class, () -> FormatFiles.read(unclear));
    assertTrue(e.getMessage(), e.getMessage().contains("say --id-field with one of: counts"));
    rows = FormatFiles.read(new EmbeddingSource(unclear, Optional.empty(), "counts", "a", 0));
    assertEquals(List.of("5", "5", "5"), ids(rows));
    EmbeddingSource misnamed = new EmbeddingSource(alone, Optional.empty(), "id", "wrong", 0);
    e =
        assertThrows(
            IOException.class,
            () -> new NpzFormat(new NamesGiven(false, true)).open(misnamed).close());
    assertTrue(e.getMessage(), e.getMessage().contains("no array of vectors named 'wrong'"));
    Path ragged = archive(Map.of("a", a, "ids", FormatFiles.npyLongs(1, 2)));
    e = assertThrows(IOException.class, () -> FormatFiles.read(ragged));
    assertTrue(e.getMessage(), e.getMessage().contains("its array 'ids' has 2 ids"));
  }

  private Path archive(Map<String, byte[]> arrays) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    arrays.forEach((name, content) -> entries.put(name + ".npy", content));
    return file(FormatFiles.zip(true, entries));
  }

  @Test
  public void testBvecsAreToldFromFvecs() throws IOException {
    byte[] bytes = new byte[5 * 20];
    for (int i = 0; i < 5; i++) {
      bytes[20 * i] = 16;
      bytes[20 * i + 4] = (byte) (250 + i);
    }
    Path bvecs = file(bytes);
    assertEquals("bvecs", EmbeddingFormats.standard().detect(bvecs).label());
    List<Row> rows = FormatFiles.read(bvecs);
    assertEquals(5, rows.size());
    assertEquals(254, ((Row.Accepted) rows.get(4)).embedding().vector()[0], 0);
    Path fvecs = SampleFiles.numberedFvecs(folder.newFile().toPath(), 3);
    assertEquals("fvecs", EmbeddingFormats.standard().detect(fvecs).label());
    Path ragged = SampleFiles.fvecs(folder.newFile().toPath(), new float[2], new float[3]);
    assertEquals("fvecs", EmbeddingFormats.standard().detect(ragged).label());
  }
}
