/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.export;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.affinity.ingest.EmbeddingWriter;
import org.affinity.ingest.LoadException;
import org.affinity.ingest.Row;
import org.affinity.ingest.format.JsonLinesReader;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class WriterTests {
  private static final float[] FIRST = {0.1f, -0.0f, Float.MIN_VALUE};
  private static final float[] SECOND = {Float.MAX_VALUE, 1e-8f, -16777217};

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private Path path(String name) {
    return folder.getRoot().toPath().resolve(name);
  }

  private static void write(EmbeddingWriter writer) throws IOException {
    try (writer) {
      writer.write("ü1", FIRST);
      writer.write("2", SECOND);
    }
  }

  @Test
  public void testNpyHasAHeaderOfNumPysAndRowsBitForBit() throws Exception {
    write(new NpyWriter(path("v.npy"), path("ids"), 3));
    ByteBuffer bytes =
        ByteBuffer.wrap(Files.readAllBytes(path("v.npy"))).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(128 + 2 * 3 * 4, bytes.capacity());
    assertEquals((byte) 0x93, bytes.get());
    byte[] magic = new byte[5];
    bytes.get(magic);
    assertEquals("NUMPY", new String(magic, StandardCharsets.US_ASCII));
    assertEquals(1, bytes.getShort());
    assertEquals(118, bytes.getShort());
    byte[] header = new byte[118];
    bytes.get(header);
    String text = new String(header, StandardCharsets.US_ASCII);
    assertEquals(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", text.stripTrailing());
    assertTrue(text.endsWith("\n"));
    for (float[] row : List.of(FIRST, SECOND)) {
      for (float each : row) {
        assertEquals(Float.floatToRawIntBits(each), bytes.getInt());
      }
    }
    assertEquals(List.of("ü1", "2"), Files.readAllLines(path("ids")));
    try (NpyWriter writer = new NpyWriter(path("w.npy"), path("w"), 3)) {
      assertThrows(LoadException.class, () -> writer.write("a\nb", FIRST));
      assertThrows(LoadException.class, () -> writer.write("a", new float[2]));
    }
  }

  @Test
  public void testWord2vecSaysItsNumberAndHoldsNoSpacesInIds() throws Exception {
    write(new Word2vecTextWriter(path("v.txt"), 3));
    List<String> lines = Files.readAllLines(path("v.txt"));
    assertEquals("2 3", lines.get(0).strip());
    assertEquals("ü1 0.1 -0.0 1.4E-45", lines.get(1));
    String[] second = lines.get(2).split(" ");
    assertEquals(4, second.length);
    for (int i = 0; i < 3; i++) {
      assertEquals(SECOND[i], Float.parseFloat(second[i + 1]), 0);
    }
    try (Word2vecTextWriter writer = new Word2vecTextWriter(path("w.txt"), 3)) {
      for (String id : List.of("a b", "a\tb", "a\u00a0b")) {
        IOException e = assertThrows(LoadException.class, () -> writer.write(id, FIRST));
        assertTrue(e.getMessage(), e.getMessage().contains("'" + id + "'"));
      }
    }
  }

  @Test
  public void testJsonLinesAreReadBackBitForBit() throws Exception {
    write(new JsonLinesWriter(path("v.jsonl"), "user.taste"));
    try (JsonLinesReader reader = new JsonLinesReader(path("v.jsonl"), "id", "user.taste", 3)) {
      Row.Accepted first = (Row.Accepted) reader.next().orElseThrow();
      assertEquals("ü1", first.embedding().id());
      assertArrayEquals(FIRST, first.embedding().vector(), 0);
      Row.Accepted second = (Row.Accepted) reader.next().orElseThrow();
      assertArrayEquals(SECOND, second.embedding().vector(), 0);
      assertEquals(Optional.empty(), reader.next());
    }
  }

  @Test
  public void testOutputAppearsWholeOrNotAtAll() throws Exception {
    List<String> suffixes = List.of("", ".ids.txt");
    Predicate<String> there = name -> Files.exists(path(name));
    try (OutputFiles files = OutputFiles.plan(path("v.npy"), suffixes, false)) {
      write(new NpyWriter(files.parts().get(0), files.parts().get(1), 3));
      assertFalse(there.test("v.npy"));
    }
    assertFalse(there.test("v.npy.part") || there.test("v.npy.ids.txt.part"));
    try (OutputFiles files = OutputFiles.plan(path("v.npy"), suffixes, false)) {
      write(new NpyWriter(files.parts().get(0), files.parts().get(1), 3));
      files.requireRoom(1);
      assertThrows(LoadException.class, () -> files.requireRoom(Long.MAX_VALUE));
      files.commit();
    }
    assertTrue(there.test("v.npy") && there.test("v.npy.ids.txt"));
    assertFalse(there.test("v.npy.part"));
    assertRefused("v.npy", "is there already; --force replaces it");
    Files.delete(path("v.npy"));
    assertRefused("v.npy", "v.npy.ids.txt is there already");
    assertRefused("none/v.npy", "there is no folder");
    Files.createDirectory(path("d"));
    assertRefused("d", "is no regular file");
    OutputFiles.plan(path("v.npy"), suffixes, true).close();
  }

  @Test
  public void testAPartOfAnotherIsNeitherWrittenOverNorDeleted() throws Exception {
    List<String> suffixes = List.of("", ".ids.txt");
    Path other = Files.writeString(path("v.npy.ids.txt.part"), "other's");
    assertRefused("v.npy", "v.npy.ids.txt.part is there already");
    OutputFiles.plan(path("v.npy"), suffixes, true).close();
    assertEquals("other's", Files.readString(other));
    Files.delete(other);
    try (OutputFiles files = OutputFiles.plan(path("v.npy"), suffixes, false)) {
      Files.writeString(other, "later");
      assertThrows(LoadException.class, files::parts);
    }
    assertEquals("later", Files.readString(other));
    assertFalse(Files.exists(path("v.npy.part")));
    try (OutputFiles files = OutputFiles.plan(path("v.npy"), suffixes, true)) {
      write(new NpyWriter(files.parts().get(0), files.parts().get(1), 3));
    }
    assertFalse(Files.exists(other));
    Path target = Files.writeString(path("target"), "far");
    Files.createSymbolicLink(other, target);
    IOException e =
        assertThrows(
            LoadException.class, () -> OutputFiles.plan(path("v.npy"), suffixes, true).close());
    assertTrue(e.getMessage(), e.getMessage().contains("no regular file"));
    assertEquals("far", Files.readString(target));
  }

  private void assertRefused(String name, String expected) {
    IOException e =
        assertThrows(
            LoadException.class,
            () -> OutputFiles.plan(path(name), List.of("", ".ids.txt"), false).close());
    assertTrue(e.getMessage(), e.getMessage().contains(expected));
  }
}
