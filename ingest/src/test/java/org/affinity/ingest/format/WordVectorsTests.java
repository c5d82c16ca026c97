/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.affinity.ingest.EmbeddingFormats;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.Row;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class WordVectorsTests {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private Path file(byte[] content) throws IOException {
    return FormatFiles.write(folder.newFile().toPath(), content);
  }

  private List<Row> read(String text) throws IOException {
    return FormatFiles.read(file(FormatFiles.utf8(text)));
  }

  private static String id(Row row) {
    return ((Row.Accepted) row).embedding().id();
  }

  private static String reason(Row row) {
    return ((Row.Rejected) row).reason();
  }

  @Test
  public void testWordsWithSpacesEndBeforeTheLastNumbers() throws IOException {
    List<Row> rows =
        read(", 1 2 3\n. . . 4 5 6\nat name@domain.com 7 8 9\n1 1/2 1 2 3\nthe 1 2 3\n");
    assertEquals(
        List.of(",", ". . .", "at name@domain.com", "1 1/2", "the"),
        rows.stream().map(WordVectorsTests::id).toList());
    assertArrayEquals(new float[] {4, 5, 6}, ((Row.Accepted) rows.get(1)).embedding().vector(), 0);
  }

  @Test
  public void testRaggedRowsAreRejectedWithTheirLineAndWord() throws IOException {
    List<Row> rows = read("5 3\na 1 2 3\nb 1 2\nc 1.5 2.5 3.5 4.5\nd 1 x 3\n\ne 4 5 6\r\n");
    assertEquals(List.of(2L, 3L, 4L, 5L, 7L), rows.stream().map(Row::number).toList());
    assertEquals("2 numbers instead of 3", reason(rows.get(1)));
    assertEquals("4 numbers instead of 3", reason(rows.get(2)));
    assertEquals("vector[1] is not a number: 'x'", reason(rows.get(3)));
    assertEquals("e", id(rows.get(4)));
  }

  @Test
  public void testOneRowTooShortDoesNotSetTheDimension() throws IOException {
    List<Row> rows = read("a 1\nb 1 2\nc 1 2\n");
    assertEquals("1 numbers instead of 2", reason(rows.get(0)));
    assertEquals("c", id(rows.get(2)));
  }

  @Test
  public void testALastLineWithoutLineFeedMayBeCutAndIsRejected() throws IOException {
    List<Row> rows = read("2 2\na 1 2\nb 3 4.12");
    assertEquals("b", ((Row.Rejected) rows.get(1)).id());
    assertTrue(reason(rows.get(1)), reason(rows.get(1)).startsWith("no line feed"));
  }

  @Test
  public void testFewerRowsThanPromisedAreAnErrorAndMoreAreRead() throws IOException {
    IOException e = assertThrows(IOException.class, () -> read("3 2\na 1 2\nb 3 4\n"));
    assertTrue(e.getMessage(), e.getMessage().contains("promises 3 rows, and there are 2"));
    assertEquals(3, read("2 2\na 1 2\nb 3 4\nc 5 6\n").size());
    byte[] binary = FormatFiles.word2vecBinary(List.of("a", "b"), new float[][] {{1}, {2}}, true);
    binary[0] = '1';
    assertEquals(2, FormatFiles.read(file(binary)).size());
    binary[0] = '3';
    IOException short_ = assertThrows(IOException.class, () -> FormatFiles.read(file(binary)));
    assertTrue(short_.getMessage(), short_.getMessage().contains("row 3: the file is cut short"));
  }

  @Test
  public void testWordsThatAreNotUtf8AreRejectedWithTheirPlace() throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.writeBytes(FormatFiles.utf8("a 1 2\n"));
    text.writeBytes(new byte[] {'c', 'a', 'f', (byte) 0xe9});
    text.writeBytes(FormatFiles.utf8(" 3 4\nvalid \ufffd 5 6\nz 5 6\n"));
    List<Row> rows = FormatFiles.read(file(text.toByteArray()));
    assertEquals("the word is not UTF-8 (at byte 6)", reason(rows.get(1)));
    assertEquals("valid \ufffd", id(rows.get(2)));
    byte[] binary = FormatFiles.word2vecBinary(List.of("a", "bb"), new float[][] {{1}, {2}}, false);
    binary[binary.length - 6] = (byte) 0xff;
    rows = FormatFiles.read(file(binary));
    assertEquals("the word is not UTF-8 (at byte 10)", reason(rows.get(1)));
  }

  @Test
  public void testADimensionThatIsNotTheHeadersEndsTheReading() throws IOException {
    byte[] binary = FormatFiles.utf8("9 2\n" + "x".repeat(40_000));
    IOException e = assertThrows(IOException.class, () -> FormatFiles.read(file(binary)));
    assertTrue(
        e.getMessage(),
        e.getMessage().contains("looks like none") || e.getMessage().contains("no space within"));
    EmbeddingSource source = EmbeddingSource.of(file(binary));
    try (var reader = EmbeddingFormats.standard().find("word2vec-binary").open(source)) {
      IOException broken = assertThrows(IOException.class, reader::next);
      assertTrue(broken.getMessage(), broken.getMessage().contains("no space within 16,384"));
    }
  }

  @Test
  public void testAWordThatIsAnEndOfASentenceAndDuplicatesAreRowsLikeOthers() throws IOException {
    List<Row> rows = read("3 2\n</s> 1 2 \na 1 2 \na 3 4 \n");
    assertEquals(List.of("</s>", "a", "a"), rows.stream().map(WordVectorsTests::id).toList());
  }

  @Test
  public void testDl4jWordsMayBePlainAndBadBase64IsRejected() throws IOException {
    byte[] zip =
        FormatFiles.zip(
            false,
            Map.of("syn0.txt", FormatFiles.utf8("3 2 9\nplain 1 2\nB64:!! 1 2\nb64:w58= 1 2\n")));
    List<Row> rows = FormatFiles.read(file(zip));
    assertEquals("plain", id(rows.get(0)));
    assertEquals("the word is not base64 of UTF-8", reason(rows.get(1)));
    assertEquals("ß", id(rows.get(2)));
  }

  @Test
  public void testTextIsToldFromTables() throws IOException {
    Map<String, String> forms =
        Map.of(
            "id,0.1 0.2\nb,0.3 0.4\n", "csv",
            "10,000 0.1 0.2\nthe 0.3 0.4\n, 0.1 0.2\n", "word2vec",
            "a\t0.1 0.2\nb\t0.3 0.4\n", "csv",
            "0.1 0.2 0.3\n0.4 0.5 0.6\n", "csv",
            "1 0.1 0.2\n2 0.3 0.4\n", "word2vec",
            "0.1\t0.2\n0.3\t0.4\n", "csv",
            "id,vector\na,\"[1, 2]\"\n", "csv",
            "{\"id\":1}\n", "jsonl");
    for (Map.Entry<String, String> each : forms.entrySet()) {
      Path file = file(FormatFiles.utf8(each.getKey()));
      assertEquals(
          each.getKey(), each.getValue(), EmbeddingFormats.standard().detect(file).label());
    }
    Path fractions = file(FormatFiles.utf8("0.1 0.2 0.3\n0.4 0.5 0.6\n"));
    IOException e = assertThrows(IOException.class, () -> FormatFiles.read(fractions));
    assertTrue(e.getMessage(), e.getMessage().contains("say --ids FILE"));
    Path ids = file(FormatFiles.utf8("a\nb\n"));
    List<Row> rows =
        FormatFiles.read(new EmbeddingSource(fractions, Optional.of(ids), "id", "vector", 3));
    assertEquals("b", id(rows.get(1)));
  }
}
