/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class LedgerFilesTests {
  private static final BulkTarget TARGET = new BulkTarget("books", "taste", 4, "uuid-1");

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private Path root;
  private Path vectors;
  private Path ids;

  @Before
  public void makeSources() throws IOException {
    root = folder.getRoot().toPath();
    vectors = Files.writeString(root.resolve("v.next"), "vectors");
    ids = Files.writeString(root.resolve("ids"), "ids");
  }

  private void assertRefused(Path state, Path rejects, String expected) throws IOException {
    LedgerFiles files = new LedgerFiles(state, rejects);
    List<Path> before = list();
    IOException e =
        assertThrows(
            LoadException.class, () -> FileLedger.start(files, List.of(vectors, ids), TARGET));
    assertTrue(e.getMessage(), e.getMessage().contains(expected));
    assertEquals("one line", 1, e.getMessage().lines().count());
    assertThrows(
        LoadException.class, () -> FileLedger.resume(files, List.of(vectors, ids), TARGET));
    assertEquals(before, list());
    assertEquals("vectors", Files.readString(vectors));
    assertEquals("ids", Files.readString(ids));
  }

  private List<Path> list() throws IOException {
    try (var files = Files.walk(root)) {
      return files.sorted().toList();
    }
  }

  @Test
  public void testASourceIsNotWrittenOver() throws IOException {
    Path other = root.resolve("other");
    assertRefused(vectors, other, "v.next cannot be both a file to load and the state file;");
    assertRefused(root.resolve("v"), other, "a file to load and the state file's next version;");
    assertRefused(other, vectors, "a file to load and the rejects file;");
    assertRefused(ids, other, "a file to load and the state file;");
    assertRefused(other, ids, "a file to load and the rejects file;");
  }

  @Test
  public void testASourceIsSeenUnderAnyName() throws IOException {
    Path other = root.resolve("other");
    Path inner = Files.createDirectory(root.resolve("inner"));
    Path link = Files.createSymbolicLink(inner.resolve("link"), vectors);
    Path sameFolder = Files.createSymbolicLink(inner.resolve("here"), root);
    Path hard = Files.createLink(root.resolve("hard"), vectors);
    assertRefused(other, inner.resolve("../ids"), "a file to load and the rejects file;");
    assertRefused(other, link, "a file to load and the rejects file;");
    assertRefused(hard, other, "a file to load and the state file;");
    assertRefused(sameFolder.resolve("v"), other, "the state file's next version;");
  }

  @Test
  public void testTheFilesWrittenAreApart() throws IOException {
    Path new1 = root.resolve("new");
    Path sameFolder = Files.createSymbolicLink(root.resolve("here"), root);
    assertRefused(new1, new1, "the state file and the rejects file;");
    assertRefused(new1, sameFolder.resolve("new"), "the state file and the rejects file;");
    assertRefused(new1, root.resolve("x/../new"), "the state file and the rejects file;");
    assertRefused(new1, root.resolve("new.next"), "next version and the rejects file;");
    assertRefused(new1, Files.createDirectory(root.resolve("empty")), "is no regular file;");
  }

  @Test
  public void testFilesApartAreWritten() throws IOException {
    LedgerFiles files = new LedgerFiles(root.resolve("state"), root.resolve("rejects"));
    FileLedger.start(files, List.of(vectors, ids), TARGET).close();
    FileLedger.resume(files, List.of(vectors, ids), TARGET).close();
    assertTrue(Files.exists(files.state()));
  }
}
