/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.affinity.ingest.Embedding;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.Row;
import org.affinity.ingest.SampleFiles;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class CsvReaderTests {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private Path file(String text) throws IOException {
    return FormatFiles.write(folder.newFile().toPath(), FormatFiles.utf8(text));
  }

  private List<Row> read(String text) throws IOException {
    return read(CsvOptions.NONE, EmbeddingSource.of(file(text)));
  }

  private static List<Row> read(CsvOptions options, EmbeddingSource source) throws IOException {
    try (EmbeddingReader reader = new CsvFormat(options).open(source)) {
      return SampleFiles.readAll(reader);
    }
  }

  private static CsvOptions columns(String range) {
    return new CsvOptions(Optional.empty(), Optional.empty(), Optional.of(range), NamesGiven.NONE);
  }

  private static Embedding embedding(Row row) {
    return ((Row.Accepted) row).embedding();
  }

  private static String reason(Row row) {
    return ((Row.Rejected) row).reason();
  }

  @Test
  public void testAVectorInOneColumnMayBeWrittenInManyWays() throws IOException {
    for (String vector :
        List.of("1 2 3", "\"1,2,3\"", "\"[1, 2, 3]\"", "1;2;3", "[1 2 3]", "\"[ 1.\n 2. 3.]\"")) {
      for (String header : List.of("", "key,vector\n", "key,embedding\n")) {
        Row row = read(header + "a," + vector + "\n").getFirst();
        assertEquals("a", embedding(row).id());
        assertArrayEquals(vector, new float[] {1, 2, 3}, embedding(row).vector(), 0);
      }
    }
  }

  @Test
  public void testNamedColumnsMakeTheVectorAndTheOthersBecomeFields() throws IOException {
    String table = "title,id,v0,v1,v2,sales,\nThe \"\"Best\"\",7,1,2,3,12,x\n\"a,b\",8,4,5,6,,\n";
    List<Row> rows = read(table.replace("The \"\"Best\"\"", "\"The \"\"Best\"\"\""));
    assertEquals("7", embedding(rows.get(0)).id());
    assertArrayEquals(new float[] {1, 2, 3}, embedding(rows.get(0)).vector(), 0);
    assertEquals(Map.of("title", "The \"Best\"", "sales", "12"), embedding(rows.get(0)).fields());
    assertEquals(Map.of("title", "a,b"), embedding(rows.get(1)).fields());
    rows = read(columns("sales..v2"), EmbeddingSource.of(file("id,x,sales,v1,v2\na,9,1,2,3\n")));
    assertArrayEquals(new float[] {1, 2, 3}, embedding(rows.get(0)).vector(), 0);
    rows = read(columns("3..4"), EmbeddingSource.of(file("id,x,sales,v1,v2\na,9,1,2,3\n")));
    assertArrayEquals(new float[] {1, 2}, embedding(rows.get(0)).vector(), 0);
  }

  @Test
  public void testHeadersAreToldFromData() throws IOException {
    assertEquals(2, read("a,1,2\nb,3,4\n").size());
    assertEquals(1, read("id,x,y\nb,3,4\n").size());
    assertEquals("pandas", 1, read(",0,1,2\nb,3,4,5\n").size());
    assertEquals("pandas", 1, read("id,0,1\nb,3,4\n").size());
    assertEquals("ids 0 and 3", 2, read("0,1,2\n3,4,5\n").size());
    List<Row> broken = read("a,1,x\nb,3,4\n");
    assertEquals("a first row with a fault is no header", 2, broken.size());
    assertEquals("vector[1] is not a number: 'x'", reason(broken.get(0)));
    CsvOptions header =
        new CsvOptions(Optional.empty(), Optional.of(true), Optional.empty(), NamesGiven.NONE);
    assertEquals(1, read(header, EmbeddingSource.of(file("1,2,3\n4,5,6\n"))).size());
  }

  @Test
  public void testBadRowsCostThemselves() throws IOException {
    List<Row> rows = read("id,v\n\"a\"x,1 2\nb,1 2,3\n\n,1 2\nc,\nd,1 two\n\"e\ne\",3 4\nf,5 6");
    assertEquals(List.of(2L, 3L, 5L, 6L, 7L, 8L, 10L), rows.stream().map(Row::number).toList());
    assertEquals("text after the closing quote of column 1", reason(rows.get(0)));
    assertEquals("3 columns instead of 2", reason(rows.get(1)));
    assertEquals("empty id", reason(rows.get(2)));
    assertEquals("the vector is empty", reason(rows.get(3)));
    assertEquals("vector[1] is not a number: 'two'", reason(rows.get(4)));
    assertEquals("e\ne", embedding(rows.get(5)).id());
    assertEquals("f", embedding(rows.get(6)).id());
  }

  @Test
  public void testAQuoteThatIsNeverClosedEndsTheReading() throws IOException {
    IOException e = assertThrows(IOException.class, () -> read("a,1,2\n\"b,3,4\nc,5,6\n"));
    assertTrue(e.getMessage(), e.getMessage().contains("line 2: a quote is opened and never"));
    Path endless = file("a,1,2\n\"" + "x".repeat(17 << 20) + "\",3,4\n");
    e = assertThrows(IOException.class, () -> read(CsvOptions.NONE, EmbeddingSource.of(endless)));
    assertTrue(e.getMessage(), e.getMessage().contains("not closed within 16 MiB"));
    Path wide = file("a,1,2\nb" + ",3".repeat(70_000) + "\nc,5,6\n");
    List<Row> rows = read(CsvOptions.NONE, EmbeddingSource.of(wide));
    assertEquals("more than 66560 columns", reason(rows.get(1)));
    assertEquals(3, rows.size());
  }

  @Test
  public void testNamesThatAreChosenMustBeThere() throws IOException {
    EmbeddingSource source =
        new EmbeddingSource(file("id,v,w\na,1 2,3 4\n"), Optional.empty(), "key", "w", 0);
    assertArrayEquals(
        new float[] {3, 4}, embedding(read(CsvOptions.NONE, source).getFirst()).vector(), 0);
    CsvOptions strict =
        new CsvOptions(
            Optional.empty(), Optional.empty(), Optional.empty(), new NamesGiven(true, true));
    IOException e = assertThrows(IOException.class, () -> read(strict, source));
    assertTrue(e.getMessage(), e.getMessage().contains("no column 'key' for the id"));
    IOException two = assertThrows(IOException.class, () -> read("id,a,b\nx,1 2,3 4\n"));
    assertTrue(two.getMessage(), two.getMessage().contains("vectors in columns 2 and 3"));
    IOException range =
        assertThrows(
            IOException.class,
            () -> read(columns("2..9"), EmbeddingSource.of(file("a,1,2\nb,3,4\n"))));
    assertTrue(range.getMessage(), range.getMessage().contains("has no columns 2..9"));
  }

  @Test
  public void testAProjectorPairTakesIdsAndFieldsFromTheMetadata() throws IOException {
    Path vectors = file("0\t0.5\n1\t1.5\n2\t2.5\n");
    Path single = file("one\ntwo\nthree\n");
    List<Row> rows =
        FormatFiles.read(new EmbeddingSource(vectors, Optional.of(single), "id", "vector", 0));
    assertEquals("three", embedding(rows.get(2)).id());
    assertArrayEquals(new float[] {0, 0.5f}, embedding(rows.get(0)).vector(), 0);
    Path table = file("label\tword\tcount\nA\tone\t1\nB\ttwo\t2\nC\tthree\n");
    rows = FormatFiles.read(new EmbeddingSource(vectors, Optional.of(table), "word", "vector", 0));
    assertEquals("one", embedding(rows.get(0)).id());
    assertEquals(Map.of("label", "A", "count", "1"), embedding(rows.get(0)).fields());
    assertTrue(reason(rows.get(2)), reason(rows.get(2)).contains("2 columns instead of 3"));
    Path few = file("one\ntwo\n");
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                FormatFiles.read(
                    new EmbeddingSource(vectors, Optional.of(few), "id", "vector", 0)));
    assertTrue(e.getMessage(), e.getMessage().contains("3 vectors but"));
    IOException none =
        assertThrows(
            IOException.class,
            () ->
                FormatFiles.read(
                    new EmbeddingSource(vectors, Optional.of(table), "nix", "vector", 0)));
    assertTrue(none.getMessage(), none.getMessage().contains("has no column 'nix'; it has label"));
  }
}
