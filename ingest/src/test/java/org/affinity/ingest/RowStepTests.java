/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.affinity.ingest.format.IdMap;
import org.affinity.ingest.format.JsonLinesReader;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class RowStepTests {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private static Row.Accepted row(String id, Map<String, Object> fields, float... vector) {
    return new Row.Accepted(7, new Embedding(id, vector, fields));
  }

  private static Embedding accepted(Row row) {
    return ((Row.Accepted) row).embedding();
  }

  private static String reason(Row row) {
    return ((Row.Rejected) row).reason();
  }

  @Test
  public void testVectorsGetLengthOneAndZeroIsRejected() {
    UnitLength step = new UnitLength();
    assertArrayEquals(
        new float[] {0.6f, -0.8f},
        accepted(step.apply(row("a", Map.of(), 0x3p100f, -0x4p100f))).vector(),
        0);
    assertArrayEquals(
        new float[] {1, 0},
        accepted(step.apply(row("a", Map.of(), Float.MIN_VALUE, 0))).vector(),
        0);
    assertEquals(
        "a zero vector, which cannot be normalized", reason(step.apply(row("a", Map.of(), 0, 0))));
  }

  @Test
  public void testABiasIsAppendedAndTakenOutOfTheFields() {
    BiasColumn step = new BiasColumn("bias");
    for (Object bias : List.of(2.5, "2.5", new java.math.BigDecimal("2.5"))) {
      Embedding folded = accepted(step.apply(row("a", Map.of("bias", bias, "t", "x"), 1, 2)));
      assertArrayEquals(new float[] {1, 2, 2.5f}, folded.vector(), 0);
      assertEquals(Map.of("t", "x"), folded.fields());
    }
    assertEquals("no bias: there is no field 'bias'", reason(step.apply(row("a", Map.of(), 1, 2))));
    for (Object bad : List.of("x", "NaN", 1e300, List.of(1))) {
      String why = reason(step.apply(row("a", Map.of("bias", bad), 1, 2)));
      assertTrue(why, why.startsWith("the bias in field 'bias' is no finite float32"));
    }
  }

  @Test
  public void testAStampStandsBesideItsField() {
    Embedding stamped =
        accepted(
            ModelStamp.of("user.taste", "als", "7")
                .apply(row("a", Map.of("user", Map.of("name", "Ann")), 1)));
    assertEquals(
        Map.of("user", Map.of("name", "Ann", "taste_model", "als", "taste_version", "7")),
        stamped.fields());
    assertThrows(IllegalArgumentException.class, () -> ModelStamp.of("t", " ", null));
  }

  @Test
  public void testAStrictMappingMustKnowTheStamp() throws Exception {
    ModelStamp stamp = ModelStamp.of("user.taste", "als", "7");
    assertRefused(stamp, "{\"dynamic\":\"strict\"}", "is strict and has no field 'user.taste_m");
    assertRefused(
        stamp,
        "{\"properties\":{\"user\":{\"dynamic\":\"strict\",\"properties\":{}}}}",
        "is strict and has no field 'user.taste_model'");
    assertRefused(
        stamp,
        "{\"properties\":{\"user\":{\"properties\":{\"taste_version\":{\"type\":\"integer\"}}}}}",
        "field 'user.taste_version' of index 'books' has type integer");
    mapping("{\"dynamic\":\"true\"}").requireRoomFor(stamp);
    mapping("{\"dynamic\":\"strict\"}").requireRoomFor(new ModelStamp(Map.of()));
    mapping(
            "{\"dynamic\":\"strict\",\"properties\":{\"user\":{\"properties\":{\"taste_model\":"
                + "{\"type\":\"keyword\"},\"taste_version\":{\"type\":\"keyword\"}}}}}")
        .requireRoomFor(stamp);
  }

  private static IndexMapping mapping(String json) throws IOException {
    return new IndexMapping("books", List.of(new JsonMapper().readTree(json)));
  }

  private static void assertRefused(ModelStamp stamp, String json, String expected)
      throws IOException {
    IndexMapping mapping = mapping(json);
    IOException e = assertThrows(LoadException.class, () -> mapping.requireRoomFor(stamp));
    assertTrue(e.getMessage(), e.getMessage().contains(expected));
  }

  private Path file(String content) throws IOException {
    return Files.writeString(folder.newFile().toPath(), content);
  }

  @Test
  public void testIdsAreMappedFromCommasTabsAndGzip() throws Exception {
    Path csv = file("\ufeff1,one\n2,\"two, \"\"too\"\"\"\r\n\n\"3,\",three\n1,one\n");
    for (Path path : List.of(csv, SampleFiles.zipped(csv))) {
      IdMap map = IdMap.read(path, 1 << 20);
      assertEquals(3, map.size());
      assertEquals("one", accepted(map.apply(row("1", Map.of(), 1))).id());
      assertEquals("two, \"too\"", accepted(map.apply(row("2", Map.of(), 1))).id());
      assertEquals("three", accepted(map.apply(row("3,", Map.of(), 1))).id());
      String why = reason(map.apply(row("4", Map.of(), 1)));
      assertTrue(why, why.startsWith("its id has no entry in "));
    }
    IdMap tabs = IdMap.read(file("1\t\"a,b\"\n"), 1 << 20);
    assertEquals("\"a,b\"", accepted(tabs.apply(row("1", Map.of(), 1))).id());
  }

  @Test
  public void testABadMapIsRefusedWithItsLine() throws Exception {
    assertBadMap("a,1\nb\n", "line 2: one field instead of two");
    assertBadMap("a,1\nb,2,3\n", "line 2: more than two fields");
    assertBadMap("a\t1\nb,2\n", "line 2: one field instead of two, separated by a tab");
    assertBadMap("a,1\nb,\n", "line 2: an id is empty");
    assertBadMap("a,1\n\na,2\n", "line 3: 'a' is mapped to '2' here and to '1' before");
    assertBadMap("a,\"1\n", "line 1: a double quote is not closed");
    assertBadMap("a,\"1\"x\n", "line 1: text after a closing double quote");
    assertBadMap("a," + "x".repeat(513) + "\n", "line 1: the document's id is over 512 bytes");
    assertBadMap("\n\n", "maps no id");
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      many.append(i).append(",document-").append(i).append('\n');
    }
    assertEquals(10_000, IdMap.read(file(many.toString()), 1 << 20).size());
    assertBadMap(many.toString(), "the map needs more than 65,536 bytes of memory");
  }

  private void assertBadMap(String content, String expected) throws IOException {
    Path file = file(content);
    IOException e = assertThrows(LoadException.class, () -> IdMap.read(file, 1 << 16));
    assertTrue(e.getMessage(), e.getMessage().contains(expected));
  }

  @Test
  public void testRepeatedIdsAreCountedUpToALimit() {
    DistinctIds ids = new DistinctIds(5000);
    for (int i = 0; i < 5000; i++) {
      ids.add(Integer.toString(i));
      ids.add(Integer.toString(i / 2));
    }
    assertEquals(OptionalLong.of(5000), ids.repeated());
    ids.add("one more");
    assertEquals(OptionalLong.empty(), ids.repeated());
    ids.add("and one");
    assertEquals(OptionalLong.empty(), ids.repeated());
  }

  @Test
  public void testStatisticsAreOfVectorsBeforeAndIdsAfterTheSteps() throws Exception {
    Path rows =
        file(
            """
            {"id":"1","v":[3,4]}
            {"id":"2","v":[0,0]}
            {"id":"3","v":[0,1]}
            {"id":"4"}
            {"id":"9","v":[0,2]}
            """);
    IdMap same = IdMap.read(file("1,a\n2,b\n3,a\n"), 1 << 20);
    RowStatistics statistics = new RowStatistics(100);
    int good = 0;
    try (EmbeddingReader reader =
        new ShapedRows(
            new JsonLinesReader(rows, "id", "v", 2), List.of(same, new UnitLength()), statistics)) {
      for (Optional<Row> row = reader.next(); row.isPresent(); row = reader.next()) {
        good += row.get() instanceof Row.Accepted ? 1 : 0;
      }
    }
    assertEquals(2, good);
    assertEquals(4, statistics.vectors());
    assertEquals(1, statistics.zeros());
    assertEquals(0, statistics.shortest(), 0);
    assertEquals(2, statistics.mean(), 1e-12);
    assertEquals(5, statistics.longest(), 0);
    assertEquals(OptionalLong.of(1), statistics.duplicates());
  }
}
