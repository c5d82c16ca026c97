/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.affinity.ingest.Embedding;
import org.affinity.ingest.Row;
import org.affinity.ingest.SampleFiles;
import org.affinity.ingest.VectorBytes;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class JsonLinesReaderTests {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private List<Row> read(String content) throws IOException {
    Path file = Files.writeString(folder.newFile().toPath(), content);
    try (JsonLinesReader reader = new JsonLinesReader(file, "id", "v", 0)) {
      return SampleFiles.readAll(reader);
    }
  }

  private Embedding one(String line) throws IOException {
    return ((Row.Accepted) read(line).getFirst()).embedding();
  }

  private String reason(String line) throws IOException {
    return ((Row.Rejected) read(line).getFirst()).reason();
  }

  @Test
  public void testArrayAndBase64AreTheSameVector() throws IOException {
    float[] expected = {1.5f, -2, 1e-8f};
    assertArrayEquals(expected, one("{\"id\":\"a\",\"v\":[1.5,-2,1e-8]}").vector(), 0);
    String base64 = java.util.Base64.getEncoder().encodeToString(VectorBytes.encode(expected));
    assertArrayEquals(expected, one("{\"id\":\"a\",\"v\":\"" + base64 + "\"}").vector(), 0);
  }

  @Test
  public void testOtherFieldsPassThroughInOrder() throws IOException {
    Embedding row =
        one(
            "{\"title\":\"T\",\"id\":7,\"v\":[1],\"n\":12345678901234567890,\"o\":{\"a\":[1,null]}}");
    assertEquals("7", row.id());
    assertEquals(List.of("title", "n", "o"), List.copyOf(row.fields().keySet()));
    assertEquals(new java.math.BigInteger("12345678901234567890"), row.fields().get("n"));
    assertTrue(row.fields().get("o") instanceof Map);
  }

  @Test
  public void testRowsAreNumberedByLineAndBlankLinesArePassedOver() throws IOException {
    List<Row> rows = read("\ufeff{\"id\":1,\"v\":[1]}\r\n\r\n  \nnonsense\n{\"id\":2,\"v\":[2]}");
    assertEquals(List.of(1L, 4L, 5L), rows.stream().map(Row::number).toList());
    assertTrue(rows.get(1) instanceof Row.Rejected);
  }

  @Test
  public void testEachFaultIsARejectedRowWithItsReason() throws IOException {
    assertEquals("not a JSON object", reason("[1,2]"));
    assertEquals(
        "not JSON: Unexpected end-of-input: expected close marker for Array",
        reason("{\"id\":1,\"v\":[1"));
    assertTrue(reason("{\"id\":1,\"v\":[1]} {}").startsWith("more than one JSON object"));
    assertEquals("no id: there is no field 'id'", reason("{\"v\":[1]}"));
    assertEquals("empty id", reason("{\"id\":\"\",\"v\":[1]}"));
    assertEquals(
        "the id in field 'id' is neither text nor a whole number",
        reason("{\"id\":1.5,\"v\":[1]}"));
    assertEquals(
        "id longer than 512 bytes", reason("{\"id\":\"" + "ä".repeat(257) + "\",\"v\":[1]}"));
    assertEquals("no vector: there is no field 'v'", reason("{\"id\":1}"));
    assertEquals("the vector in field 'v' is null", reason("{\"id\":1,\"v\":null}"));
    assertEquals("the vector is empty", reason("{\"id\":1,\"v\":[]}"));
    assertEquals("vector[1] is NaN", reason("{\"id\":1,\"v\":[0,NaN]}"));
    assertEquals("vector[1] is infinite", reason("{\"id\":1,\"v\":[0,1e39]}"));
    assertEquals("vector[2] is not a number", reason("{\"id\":1,\"v\":[0,1,\"2\"]}"));
    assertEquals("vector[0] is not a number", reason("{\"id\":1,\"v\":[[1,2],[3]]}"));
    assertTrue(reason("{\"id\":1,\"v\":\"%%%\"}").contains("not base64"));
    assertTrue(reason("{\"id\":1,\"v\":\"AAAAAAA=\"}").contains("5 bytes"));
    assertTrue(reason("{\"id\":1,\"v\":{\"x\":1}}").contains("neither an array nor base64"));
  }

  @Test
  public void testANumberOutOfAllRangesCostsItsRowOnly() throws IOException {
    List<Row> rows =
        read(
            """
            {"id":"x","v":[1,2],"p":1E-2147483700}
            {"id":"y","v":[1,2],"o":{"p":[0.1E+99999999999]}}
            {"id":"z","v":[1,2],"p":1E-2147483}
            """);
    assertEquals(3, rows.size());
    for (int i = 0; i < 2; i++) {
      Row.Rejected row = (Row.Rejected) rows.get(i);
      assertEquals(i + 1, row.number());
      assertEquals(i == 0 ? "x" : "y", row.id());
      assertTrue(row.reason(), row.reason().startsWith("a number that cannot be read: "));
    }
    assertEquals("z", ((Row.Accepted) rows.get(2)).embedding().id());
  }

  @Test
  public void testALineInABrokenEncodingCostsItselfOnly() throws IOException {
    Path file = folder.newFile().toPath();
    Files.write(file, new byte[] {0, 0, '{', 0, '\n'});
    Files.writeString(file, "{\"id\":2,\"v\":[1]}", java.nio.file.StandardOpenOption.APPEND);
    try (JsonLinesReader reader = new JsonLinesReader(file, "id", "v", 0)) {
      List<Row> rows = SampleFiles.readAll(reader);
      String reason = ((Row.Rejected) rows.get(0)).reason();
      assertTrue(reason, reason.startsWith("not JSON: "));
      assertEquals("2", ((Row.Accepted) rows.get(1)).embedding().id());
    }
  }

  @Test
  public void testTheFirstGoodRowSetsTheDimension() throws IOException {
    List<Row> rows = read("{\"id\":1,\"v\":[NaN]}\n{\"id\":2,\"v\":[1,2]}\n{\"id\":3,\"v\":[1]}\n");
    assertEquals(
        "dimension 1 instead of 2, which the first row has", ((Row.Rejected) rows.get(2)).reason());
    assertEquals("3", ((Row.Rejected) rows.get(2)).id());
  }

  @Test
  public void testGzipIsSeenByContent() throws IOException {
    Path plain = Files.writeString(folder.newFile().toPath(), "{\"key\":\"a\",\"v\":[1]}\n");
    try (var reader = new JsonLinesReader(SampleFiles.zipped(plain), "key", "v", 0)) {
      assertEquals(1, SampleFiles.readAll(reader).size());
      assertEquals(reader.length(), reader.position());
    }
  }

  @Test
  public void testALineOverTheLimitIsRejectedAndTheNextIsRead() throws IOException {
    String longLine = "{\"id\":1,\"t\":\"" + "x".repeat(17 << 20) + "\",\"v\":[1]}";
    List<Row> rows = read(longLine + "\n{\"id\":2,\"v\":[1]}\n");
    assertTrue(((Row.Rejected) rows.get(0)).reason().startsWith("line longer than"));
    assertEquals("2", ((Row.Accepted) rows.get(1)).embedding().id());
  }
}
