/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet.model;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.affinity.ingest.Embedding;
import org.affinity.ingest.EmbeddingFormat;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.Row;
import org.affinity.ingest.format.NamesGiven;
import org.affinity.parquet.ParquetFormat;
import org.affinity.parquet.SampleParquet;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Folders that Spark itself wrote; how is told in the resources' README. */
public class SparkFoldersTests {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private static Path spark(String name) throws URISyntaxException {
    return Path.of(SparkFoldersTests.class.getResource("/spark/" + name).toURI());
  }

  private static Map<String, float[]> vectors(List<Row> rows) {
    Map<String, float[]> vectors = new java.util.LinkedHashMap<>();
    for (Row row : rows) {
      Embedding embedding = ((Row.Accepted) row).embedding();
      vectors.put(embedding.id(), embedding.vector());
    }
    return vectors;
  }

  @Test
  public void testBothSidesOfAnAlsModel() throws Exception {
    Path model = spark("als");
    var items =
        vectors(
            SampleParquet.readAll(
                new SparkAlsFormat(Optional.of(AlsSide.ITEM)).open(SampleParquet.source(model))));
    assertEquals(6, items.size());
    assertArrayEquals(new float[] {-1.5628349f, 1.530645f, -1.5275207f}, items.get("100"), 0);
    assertArrayEquals(new float[] {-0.933197f, 1.1330795f, -0.45914868f}, items.get("105"), 0);
    SparkAlsFormat userSide = new SparkAlsFormat(Optional.of(AlsSide.USER));
    assertEquals(8, SampleParquet.readAll(userSide.open(SampleParquet.source(model))).size());
    assertEquals(3, userSide.files(SampleParquet.source(model)).size());
  }

  @Test
  public void testTheSideMustBeSaidAndTheRankMustFit() throws Exception {
    Path model = spark("als");
    IOException noSide =
        assertThrows(
            IOException.class,
            () -> new SparkAlsFormat(Optional.empty()).open(SampleParquet.source(model)));
    assertTrue(noSide.getMessage(), noSide.getMessage().contains("--side item or --side user"));
    IOException rank =
        assertThrows(
            IOException.class,
            () ->
                new SparkAlsFormat(Optional.of(AlsSide.ITEM))
                    .open(new EmbeddingSource(model, Optional.empty(), "", "", 64)));
    assertTrue(
        rank.getMessage(), rank.getMessage().endsWith("rank 3, but dimension 64 is asked for"));
    assertThrows(IllegalArgumentException.class, () -> AlsSide.of("items"));
  }

  @Test
  public void testVectorsThatAreNotOfTheRankCostTheirRow() throws Exception {
    Path model = folder.newFolder().toPath();
    Files.createDirectories(model.resolve("metadata"));
    Files.createDirectories(model.resolve("itemFactors"));
    Files.writeString(
        model.resolve("metadata/part-00000"),
        "{\"class\":\"org.apache.spark.ml.recommendation.ALSModel\",\"rank\":2}\n");
    new SampleParquet(
            "message spark_schema { required int32 id; optional group features (LIST)"
                + " { repeated group list { required float element; } } }")
        .row(
            row -> {
              row.add("id", 7);
              row.addGroup("features").addGroup(0).add(0, 1f);
            })
        .write(model.resolve("itemFactors/part-00000.snappy.parquet"));
    Row row =
        SampleParquet.readAll(
                new SparkAlsFormat(Optional.of(AlsSide.ITEM)).open(SampleParquet.source(model)))
            .getFirst();
    assertEquals("dimension 1 instead of 2", ((Row.Rejected) row).reason());
    IOException noUsers =
        assertThrows(
            IOException.class,
            () -> new SparkAlsFormat(Optional.of(AlsSide.USER)).open(SampleParquet.source(model)));
    assertTrue(noUsers.getMessage(), noUsers.getMessage().contains("userFactors"));
  }

  @Test
  public void testAWord2VecModel() throws Exception {
    var words =
        vectors(
            SampleParquet.readAll(
                new SparkWord2VecFormat().open(SampleParquet.source(spark("word2vec")))));
    assertEquals(5, words.size());
    assertArrayEquals(
        new float[] {
          (float) 0.12286561727523804,
          (float) -0.08102056384086609,
          (float) 0.012012504041194916,
          (float) 0.047374177724123
        },
        words.get("naïve"),
        0);
  }

  @Test
  public void testSparkVectorsDenseSparseAndNull() throws Exception {
    List<Row> rows =
        SampleParquet.readAll(new ParquetFormat().open(SampleParquet.source(spark("vectorudt"))));
    Embedding dense = ((Row.Accepted) rows.get(0)).embedding();
    assertArrayEquals(new float[] {0.5f, -1, 2}, dense.vector(), 0);
    assertEquals("2020-01-02T03:04:05.678Z", dense.fields().get("seen"));
    assertEquals(List.of("x", "y"), dense.fields().get("tags"));
    assertTrue(((Row.Rejected) rows.get(1)).reason().startsWith("a sparse vector"));
    assertEquals("the vector is null", ((Row.Rejected) rows.get(2)).reason());
  }

  @Test
  public void testEachFolderIsRecognizedByItsOwnFormatOnly() throws Exception {
    List<EmbeddingFormat> all = ModelFormats.all(NamesGiven.NONE, Optional.empty(), List.of());
    for (var each :
        Map.of("als", "spark-als", "word2vec", "spark-word2vec", "vectorudt", "parquet")
            .entrySet()) {
      for (EmbeddingFormat format : all) {
        assertEquals(
            each + " " + format.label(),
            format.label().equals(each.getValue()),
            format.recognizes(spark(each.getKey())));
      }
    }
    for (EmbeddingFormat format : all) {
      assertFalse(format.recognizes(folder.newFolder().toPath()));
      assertFalse(format.recognizes(Files.writeString(folder.newFile().toPath(), "PAR")));
    }
    IOException e =
        assertThrows(
            IOException.class,
            () -> new SparkWord2VecFormat().open(SampleParquet.source(spark("als"))));
    assertTrue(e.getMessage(), e.getMessage().contains("ALSModel', not org.apache.spark.ml"));
  }
}
