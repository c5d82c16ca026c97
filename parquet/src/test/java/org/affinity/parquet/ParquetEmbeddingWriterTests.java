/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.affinity.ingest.Row;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ParquetEmbeddingWriterTests {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private Path file() {
    return folder.getRoot().toPath().resolve("out.parquet");
  }

  @Test
  public void testEveryBitComesBack() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    float[][] vectors = new float[500][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = new float[33];
      for (int j = 0; j < 33; j++) {
        float any = Float.intBitsToFloat(random.nextInt());
        vectors[i][j] = Float.isFinite(any) ? any : -0.0f;
      }
    }
    vectors[0][0] = Float.MIN_VALUE;
    try (ParquetEmbeddingWriter writer = new ParquetEmbeddingWriter(file())) {
      for (int i = 0; i < vectors.length; i++) {
        writer.write("ä" + i, vectors[i]);
      }
    }
    List<Row> rows = SampleParquet.read(file());
    for (int i = 0; i < vectors.length; i++) {
      var row = ((Row.Accepted) rows.get(i)).embedding();
      assertEquals("ä" + i, row.id());
      for (int j = 0; j < 33; j++) {
        assertEquals(
            "seed " + seed,
            Float.floatToRawIntBits(vectors[i][j]),
            Float.floatToRawIntBits(row.vector()[j]));
      }
    }
  }

  @Test
  public void testRowGroupsAreBoundedByRowsAndByBytes() throws IOException {
    try (ParquetEmbeddingWriter writer = new ParquetEmbeddingWriter(file())) {
      for (int i = 0; i < 250_000; i++) {
        writer.write("r" + i, new float[] {i});
      }
    }
    try (ParquetFile written = ParquetFile.open(file(), MemoryBound.ofHeap())) {
      assertEquals(
          List.of(100_000L, 100_000L, 50_000L),
          written.rowGroups().stream().map(g -> g.getRowCount()).toList());
    }
    assertEquals(250_000, SampleParquet.read(file()).size());
    Files.delete(file());
    Random random = new Random(1);
    float[] vector = new float[16_384];
    try (ParquetEmbeddingWriter writer = new ParquetEmbeddingWriter(file())) {
      for (int i = 0; i < 2100; i++) {
        for (int j = 0; j < vector.length; j++) {
          vector[j] = random.nextFloat();
        }
        writer.write("r" + i, vector);
      }
    }
    try (ParquetFile written = ParquetFile.open(file(), MemoryBound.ofHeap())) {
      assertTrue(written.rowGroups().size() > 1);
      assertTrue(written.rowGroups().stream().allMatch(g -> g.getTotalByteSize() < 96L << 20));
    }
  }

  @Test
  public void testNoRowsMakeAFileWithoutRows() throws IOException {
    new ParquetEmbeddingWriter(file()).close();
    assertEquals(List.of(), SampleParquet.read(file()));
  }

  @Test
  public void testAnEmptyVectorIsRefusedAndAFileThatIsThereReplaced() throws IOException {
    Files.write(file(), new byte[10_000]);
    try (ParquetEmbeddingWriter writer = new ParquetEmbeddingWriter(file())) {
      assertThrows(IllegalArgumentException.class, () -> writer.write("a", new float[0]));
      writer.write("b", new float[] {1});
    }
    assertArrayEquals(
        new float[] {1},
        ((Row.Accepted) SampleParquet.read(file()).getFirst()).embedding().vector(),
        0);
  }
}
