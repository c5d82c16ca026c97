/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.affinity.ingest.Embedding;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.Row;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ParquetFormatTests {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private Path file() {
    return folder.getRoot().toPath().resolve("v.parquet");
  }

  private static Embedding accepted(Row row) {
    assertTrue(row.toString(), row instanceof Row.Accepted);
    return ((Row.Accepted) row).embedding();
  }

  private static String reason(Row row) {
    return ((Row.Rejected) row).reason();
  }

  @Test
  public void testEveryCodecPageVersionAndEncodingGivesTheSameBits() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int rows = 3000;
    float[][] vectors = new float[rows][];
    for (int i = 0; i < rows; i++) {
      vectors[i] = new float[7];
      for (int j = 0; j < 7; j++) {
        vectors[i][j] =
            random.nextInt(4) == 0 ? random.nextInt(5) : Float.intBitsToFloat(random.nextInt());
        if (!Float.isFinite(vectors[i][j])) {
          vectors[i][j] = -0.0f;
        }
      }
    }
    for (CompressionCodecName codec :
        List.of(
            CompressionCodecName.UNCOMPRESSED,
            CompressionCodecName.SNAPPY,
            CompressionCodecName.GZIP,
            CompressionCodecName.ZSTD,
            CompressionCodecName.LZ4_RAW)) {
      for (WriterVersion version : WriterVersion.values()) {
        for (String encoding : List.of("plain", "dictionary", "split")) {
          SampleParquet sample =
              new SampleParquet(SampleParquet.USUAL)
                  .codec(codec)
                  .with(p -> configure(p, version, encoding));
          for (int i = 0; i < rows; i++) {
            sample.row("r" + i, vectors[i]);
            if (i % 1000 == 999) {
              sample.nextRowGroup();
            }
          }
          List<Row> read = SampleParquet.read(sample.write(file()));
          String message = codec + " " + version + " " + encoding + " seed " + seed;
          assertEquals(message, rows, read.size());
          for (int i = 0; i < rows; i++) {
            Embedding row = accepted(read.get(i));
            assertEquals(i + 1, read.get(i).number());
            assertEquals("r" + i, row.id());
            assertArrayEquals(message, bits(vectors[i]), bits(row.vector()));
          }
        }
      }
    }
  }

  private static void configure(
      ParquetProperties.Builder properties, WriterVersion version, String encoding) {
    properties
        .withWriterVersion(version)
        .withPageSize(2000)
        .withDictionaryEncoding(encoding.equals("dictionary"))
        .withByteStreamSplitEncoding(encoding.equals("split"))
        .withPageWriteChecksumEnabled(version == WriterVersion.PARQUET_1_0);
  }

  private static int[] bits(float[] vector) {
    int[] bits = new int[vector.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(vector[i]);
    }
    return bits;
  }

  @Test
  public void testEveryShapeOfAListIsRead() throws IOException {
    for (String list :
        List.of(
            "required group v (LIST) { repeated group list { required float element; } }",
            "optional group v (LIST) { repeated group list { optional double element; } }",
            "optional group v (LIST) { repeated group bag { optional float array_element; } }",
            "optional group v (LIST) { repeated float array; }",
            "required group v (LIST) { repeated double array; }",
            "repeated float v;")) {
      boolean isDouble = list.contains("double");
      SampleParquet sample = new SampleParquet("message m { required int64 key; " + list + " }");
      for (int r = 0; r < 3; r++) {
        int number = r;
        sample.row(
            row -> {
              row.add("key", number + 5_000_000_000L);
              Group inner = list.startsWith("repeated") ? row : row.addGroup("v");
              for (int i = 0; i < 2; i++) {
                Group at = list.contains("repeated group") ? inner.addGroup(0) : inner;
                int field = list.startsWith("repeated") ? 1 : 0;
                if (isDouble) {
                  at.add(field, number + i + 0.5);
                } else {
                  at.add(field, number + i + 0.5f);
                }
              }
            });
      }
      List<Row> rows = SampleParquet.read(sample.write(file()));
      assertEquals(list, 3, rows.size());
      assertEquals("5000000002", accepted(rows.get(2)).id());
      assertArrayEquals(list, new float[] {2.5f, 3.5f}, accepted(rows.get(2)).vector(), 0);
    }
  }

  @Test
  public void testHalfFloatsAreRead() throws IOException {
    SampleParquet sample =
        new SampleParquet(
            "message m { required binary id (STRING); required group v (LIST) {"
                + " repeated group list { required fixed_len_byte_array(2) element (FLOAT16); } } }");
    sample.row(
        row -> {
          row.add("id", "a");
          Group list = row.addGroup("v");
          for (float v : new float[] {1.5f, -0.25f}) {
            short half = Float.floatToFloat16(v);
            list.addGroup(0)
                .add(0, Binary.fromConstantByteArray(new byte[] {(byte) half, (byte) (half >> 8)}));
          }
        });
    Row row = SampleParquet.read(sample.write(file())).getFirst();
    assertArrayEquals(new float[] {1.5f, -0.25f}, accepted(row).vector(), 0);
  }

  @Test
  public void testNullsCostTheirRow() throws IOException {
    Path path =
        new SampleParquet(SampleParquet.USUAL)
            .row("a", 1, 2)
            .row(row -> row.addGroup("vector").addGroup(0).add(0, 1f))
            .row(row -> row.add("id", "c"))
            .row("d")
            .row(
                row -> {
                  row.add("id", "e");
                  Group list = row.addGroup("vector");
                  list.addGroup(0).add(0, 1f);
                  list.addGroup(0);
                })
            .row("f", 1, Float.NaN)
            .row("g", 1, 2, 3)
            .row("h", 3, 4)
            .write(file());
    List<Row> rows = SampleParquet.read(path);
    assertEquals("a", accepted(rows.get(0)).id());
    assertEquals("the id in column 'id' is null", reason(rows.get(1)));
    assertEquals("the vector is null", reason(rows.get(2)));
    assertEquals("the vector is empty", reason(rows.get(3)));
    assertEquals("vector[1] is null", reason(rows.get(4)));
    assertEquals("vector[1] is NaN", reason(rows.get(5)));
    assertEquals("dimension 3 instead of 2, which the first row has", reason(rows.get(6)));
    assertArrayEquals(new float[] {3, 4}, accepted(rows.get(7)).vector(), 0);
    assertEquals(8, rows.get(7).number());
  }

  @Test
  public void testOtherColumnsBecomeFields() throws IOException {
    Path path =
        new SampleParquet(
                """
                message m { required binary id (STRING); optional double bias; optional int32 count;
                  optional int64 big (INTEGER(64,false)); optional boolean on; optional int32 day (DATE);
                  optional int64 at (TIMESTAMP(MICROS,true)); optional float f; optional binary note;
                  optional group tags (LIST) { repeated group list { optional binary element (STRING); } }
                  optional group vector (LIST) { repeated group list { optional float element; } } }""")
            .row(
                row -> {
                  row.add("id", "a");
                  row.add("bias", 0.25);
                  row.add("count", 7);
                  row.add("big", -1L);
                  row.add("on", true);
                  row.add("day", 18263);
                  row.add("at", 1_577_934_245_678_000L);
                  row.add("note", Binary.fromString("naïve"));
                  Group tags = row.addGroup("tags");
                  tags.addGroup(0).add(0, "x");
                  tags.addGroup(0);
                  row.addGroup("vector").addGroup(0).add(0, 1f);
                })
            .row(
                row -> {
                  row.add("id", "b");
                  row.add("f", Float.NaN);
                  row.addGroup("vector").addGroup(0).add(0, 1f);
                })
            .row(
                row -> {
                  row.add("id", "c");
                  row.add("note", Binary.fromConstantByteArray(new byte[] {(byte) 0xff}));
                  row.addGroup("tags");
                  row.addGroup("vector").addGroup(0).add(0, 1f);
                })
            .write(file());
    List<Row> rows =
        SampleParquet.readAll(new ParquetFormat().open(SampleParquet.source(path, "id", "vector")));
    List<Object> tags = new ArrayList<>(List.of("x"));
    tags.add(null);
    Map<String, Object> fields = accepted(rows.get(0)).fields();
    assertEquals(
        List.of("bias", "count", "big", "on", "day", "at", "note", "tags"),
        List.copyOf(fields.keySet()));
    assertEquals(0.25, fields.get("bias"));
    assertEquals(7L, fields.get("count"));
    assertEquals(new java.math.BigInteger("18446744073709551615"), fields.get("big"));
    assertEquals("2020-01-02", fields.get("day"));
    assertEquals("2020-01-02T03:04:05.678Z", fields.get("at"));
    assertEquals("naïve", fields.get("note"));
    assertEquals(tags, fields.get("tags"));
    assertEquals("field 'f' is NaN", reason(rows.get(1)));
    assertEquals("field 'note' is no UTF-8 text", reason(rows.get(2)));
  }

  @Test
  public void testColumnsThatCannotBeToldApartAreListed() throws IOException {
    String list = " { repeated group list { optional float element; } }";
    Path path =
        new SampleParquet(
                "message m { required int32 a; required binary b; optional group v (LIST)"
                    + list
                    + " optional group w (LIST)"
                    + list
                    + " required fixed_len_byte_array(8) d (DECIMAL(4,2)); }")
            .write(file());
    assertError(path, "", "", "more than one column is a list of float", "v (list of float), w");
    assertError(path, "", "v", "more than one column can be the id", "a (int32), b (binary)");
    assertError(path, "x", "v", "there is no column 'x'", "--id-field");
    assertError(path, "v", "v", "column 'v' is (list of float), not text or a whole number");
    assertError(path, "a", "b", "column 'b' is (binary), not a list of float");
    assertError(
        path, "a", "v", "column 'd' is (fixed_len_byte_array DECIMAL(4,2)), which no field");
  }

  private static void assertError(Path path, String id, String vector, String... parts) {
    IOException e =
        assertThrows(
            IOException.class,
            () -> new ParquetFormat().open(SampleParquet.source(path, id, vector)));
    assertTrue(e.getMessage(), e.getMessage().startsWith(path.toString()));
    for (String part : parts) {
      assertTrue(e.getMessage(), e.getMessage().contains(part));
    }
  }

  @Test
  public void testListsOfDecimalsOrWholeNumbersAreNoVectors() throws IOException {
    for (String element :
        List.of(
            "fixed_len_byte_array(4) element (DECIMAL(4,2))",
            "int32 element",
            "binary element (STRING)")) {
      Path path =
          new SampleParquet(
                  "message m { required binary id; optional group v (LIST) { repeated group list { optional "
                      + element
                      + "; } } }")
              .write(file());
      assertError(path, "", "v", "not a list of float, double or float16");
    }
  }

  @Test
  public void testPartsAreReadInTheOrderOfTheirNames() throws IOException {
    Path parts = folder.newFolder("parts").toPath();
    new SampleParquet(SampleParquet.USUAL).row("c", 3).write(parts.resolve("part-00002.parquet"));
    new SampleParquet(SampleParquet.USUAL)
        .row("a", 1)
        .nextRowGroup()
        .row("b", 2)
        .write(parts.resolve("part-00001.gz.parquet"));
    new SampleParquet(SampleParquet.USUAL).write(parts.resolve("part-00000.parquet"));
    Files.createFile(parts.resolve("_SUCCESS"));
    Files.writeString(parts.resolve(".part-00001.parquet.crc"), "crc");
    ParquetFormat format = new ParquetFormat();
    assertTrue(format.recognizes(parts));
    assertEquals(3, format.files(SampleParquet.source(parts)).size());
    try (EmbeddingReader reader = format.open(SampleParquet.source(parts))) {
      long last = 0;
      for (String id : List.of("a", "b", "c")) {
        Row row = reader.next().orElseThrow();
        assertEquals(id, accepted(row).id());
        assertEquals(++last, row.number());
        assertTrue(reader.position() > 0 && reader.position() <= reader.length());
      }
      assertTrue(reader.next().isEmpty());
      assertEquals(reader.length(), reader.position());
    }
  }

  @Test
  public void testAFolderOfMixedColumnsIsRefused() throws IOException {
    Path parts = folder.newFolder("parts").toPath();
    new SampleParquet(SampleParquet.USUAL).row("a", 1).write(parts.resolve("part-0.parquet"));
    new SampleParquet(SampleParquet.USUAL.replace("float element", "double element"))
        .write(parts.resolve("part-1.parquet"));
    IOException e = assertThrows(IOException.class, () -> SampleParquet.read(parts));
    assertTrue(e.getMessage(), e.getMessage().contains("part-1.parquet has other columns than"));
  }

  @Test
  public void testFoldersWithoutPartsOrWithFoldersAreRefused() throws IOException {
    Path empty = folder.newFolder("empty").toPath();
    Files.createFile(empty.resolve("_SUCCESS"));
    assertFalse(new ParquetFormat().recognizes(empty));
    IOException none = assertThrows(IOException.class, () -> SampleParquet.read(empty));
    assertEquals(empty + " holds no part files", none.getMessage());
    Files.createDirectory(empty.resolve("year=2020"));
    IOException nested = assertThrows(IOException.class, () -> SampleParquet.read(empty));
    assertTrue(nested.getMessage(), nested.getMessage().contains("holds the folder year=2020"));
  }

  @Test
  public void testAVectorMayGoOnInTheNextPage() throws IOException {
    Path path =
        new SampleParquet(SampleParquet.USUAL)
            .with(
                p ->
                    p.withPageSize(64)
                        .withPageValueCountThreshold(8)
                        .withMinRowCountForPageSizeCheck(1))
            .row("a", new float[5000])
            .row("b", new float[5000])
            .write(file());
    List<Row> rows = SampleParquet.read(path);
    assertEquals(5000, accepted(rows.get(1)).vector().length);
  }
}
