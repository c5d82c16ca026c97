/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FvecsReaderTests {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private Path file(String name) {
    return folder.getRoot().toPath().resolve(name);
  }

  @Test
  public void testIdsComeFromTheListAndZippedFilesReadTheSame() throws IOException {
    Path vectors = SampleFiles.zipped(SampleFiles.numberedFvecs(file("v"), 3));
    Path ids = SampleFiles.zipped(Files.writeString(file("ids"), "x\r\ny\nz"));
    try (FvecsReader reader = FvecsReader.open(vectors, ids, 0)) {
      List<Row> rows = SampleFiles.readAll(reader);
      assertEquals(3, rows.size());
      Row.Accepted second = (Row.Accepted) rows.get(1);
      assertEquals(2, second.number());
      assertEquals("y", second.embedding().id());
      assertArrayEquals(new float[] {2, 0.5f, -1, 1e-8f}, second.embedding().vector(), 0);
    }
  }

  @Test
  public void testWithoutAListIdsAreRowNumbersFromOne() throws IOException {
    try (FvecsReader reader = FvecsReader.open(SampleFiles.numberedFvecs(file("v"), 2), 0)) {
      List<Row> rows = SampleFiles.readAll(reader);
      assertEquals("1", ((Row.Accepted) rows.get(0)).embedding().id());
      assertEquals("2", ((Row.Accepted) rows.get(1)).embedding().id());
    }
  }

  @Test
  public void testDifferentNumbersOfVectorsAndIdsAreRefusedBeforeTheFirstRow() throws IOException {
    Path vectors = SampleFiles.numberedFvecs(file("v"), 3);
    for (String list : List.of("a\nb\n", "a\nb\nc\nd\n")) {
      Path ids = Files.writeString(file("ids"), list);
      IOException e = assertThrows(IOException.class, () -> FvecsReader.open(vectors, ids, 0));
      assertTrue(e.getMessage(), e.getMessage().contains("v has 3 vectors"));
      assertTrue(e.getMessage(), e.getMessage().contains("ids has " + list.length() / 2 + " ids"));
    }
  }

  @Test
  public void testBadRowsAreRejectedAndReadingGoesOn() throws IOException {
    Path vectors =
        SampleFiles.fvecs(
            file("v"),
            new float[] {1, 2},
            new float[] {1, Float.NaN},
            new float[] {Float.NEGATIVE_INFINITY, 2},
            new float[] {1, 2, 3},
            new float[] {1, 2},
            new float[] {3, 4});
    Path ids = Files.writeString(file("ids"), "a\nb\nc\nd\n\nf\n");
    try (FvecsReader reader = FvecsReader.open(vectors, ids, 0)) {
      List<Row> rows = SampleFiles.readAll(reader);
      assertEquals("vector[1] is NaN", ((Row.Rejected) rows.get(1)).reason());
      assertEquals("vector[0] is infinite", ((Row.Rejected) rows.get(2)).reason());
      assertEquals(
          "dimension 3 instead of 2, which the first row has",
          ((Row.Rejected) rows.get(3)).reason());
      assertEquals("empty id", ((Row.Rejected) rows.get(4)).reason());
      assertEquals("f", ((Row.Accepted) rows.get(5)).embedding().id());
    }
  }

  @Test
  public void testAFileCutShortNamesTheRow() throws IOException {
    byte[] whole = Files.readAllBytes(SampleFiles.numberedFvecs(file("v"), 3));
    for (int missing : new int[] {1, 15, 17}) {
      Path cut = Files.write(file("cut"), Arrays.copyOf(whole, whole.length - missing));
      Path ids = Files.writeString(file("ids"), "a\nb\nc\n");
      IOException counted = assertThrows(IOException.class, () -> FvecsReader.open(cut, ids, 0));
      assertTrue(counted.getMessage(), counted.getMessage().contains("row 3: the file ends"));
      try (FvecsReader reader = FvecsReader.open(cut, 0)) {
        IOException e = assertThrows(IOException.class, () -> SampleFiles.readAll(reader));
        assertTrue(e.getMessage(), e.getMessage().contains("row 3: the file ends"));
      }
    }
  }

  @Test
  public void testFormatIsToldByContent() throws IOException {
    Path fvecs = SampleFiles.numberedFvecs(file("v"), 3);
    assertEquals(FileFormat.FVECS, FileFormat.detect(fvecs));
    assertEquals(FileFormat.FVECS, FileFormat.detect(SampleFiles.zipped(fvecs)));
    Path brace = SampleFiles.fvecs(file("brace"), new float['{']);
    assertEquals(FileFormat.FVECS, FileFormat.detect(brace));
    Path json = Files.writeString(file("j"), "\n {\"id\":1}\n");
    assertEquals(FileFormat.JSON_LINES, FileFormat.detect(json));
    Path text = Files.writeString(file("t"), "3 4\nking 0.1 0.2 0.3 0.4\n");
    assertThrows(IOException.class, () -> FileFormat.detect(text));
    Path empty = Files.writeString(file("e"), "");
    assertThrows(IOException.class, () -> FileFormat.detect(empty));
  }
}
