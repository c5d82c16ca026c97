/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.demo;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.affinity.ingest.Embedding;
import org.affinity.ingest.LoadException;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class CatalogueTests {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private static Catalogue generated(long seed) {
    return new GeneratedCatalogue(seed, WordLists.load()).make();
  }

  @Test
  public void testTheSameSeedMakesTheSameCatalogue() {
    Catalogue a = generated(7);
    Catalogue b = generated(7);
    assertEquals(3000, a.books().size());
    assertEquals(600, a.readers().size());
    for (int i = 0; i < a.books().size(); i++) {
      assertEquals(a.books().get(i).card(), b.books().get(i).card());
      assertEquals(a.books().get(i).popularity(), b.books().get(i).popularity());
      assertArrayEquals(a.books().get(i).vector(), b.books().get(i).vector(), 0);
    }
    for (int i = 0; i < a.readers().size(); i++) {
      assertEquals(a.readers().get(i).name(), b.readers().get(i).name());
      assertArrayEquals(a.readers().get(i).vector(), b.readers().get(i).vector(), 0);
    }
    assertNotEquals(a.books().getFirst().card(), generated(8).books().getFirst().card());
  }

  @Test
  public void testAGeneratedCatalogueIsBelievable() {
    Catalogue catalogue = generated(42);
    Set<String> titles = new HashSet<>();
    for (Book book : catalogue.books()) {
      assertTrue(book.card().title(), titles.add(book.card().title()));
      assertTrue(book.card().title(), book.card().title().indexOf('{') < 0);
      assertTrue(book.popularity() >= 1);
    }
    Set<String> genres = new HashSet<>();
    for (Book book : new SearchWords(catalogue).matches("dragon")) {
      genres.addAll(book.card().genres());
    }
    assertTrue("genres of dragon: " + genres, genres.size() >= 6);
  }

  @Test
  public void testReadersLikeWhatTheyAreMadeOfAndTheThreeDiffer() {
    Catalogue catalogue = generated(42);
    List<Taste> three = new Tastes(catalogue).threeUnlike();
    Set<String> favourites = new HashSet<>();
    three.forEach(taste -> favourites.add(taste.favourites().getFirst()));
    assertEquals(3, favourites.size());
    List<String> words = new SearchWords(catalogue).choose(three, 3);
    assertEquals(3, Set.copyOf(words).size());
  }

  @Test
  public void testGoodbooksAreReadFromPlainAndZippedFiles() throws IOException {
    writeGoodbooks();
    Catalogue catalogue = new GoodbooksCatalogue(folder.getRoot().toPath()).read();
    assertEquals(2, catalogue.dimension());
    Book second = catalogue.books().get(1);
    assertEquals("2", second.id());
    assertEquals("Emma, \"again\"", second.card().title());
    assertEquals("", second.card().series());
    assertEquals(List.of("classics"), second.card().genres());
    assertEquals(-720, second.card().year());
    assertEquals(0, second.popularity());
    Embedding first = catalogue.books().get(0).toEmbedding();
    assertEquals("Dragon Rider", first.fields().get("title"));
    assertEquals("Dragon Rider, #1", first.fields().get("series"));
    assertEquals(List.of("fantasy", "ya"), first.fields().get("genres"));
    assertEquals(2, first.fields().get("popularity"));
    assertEquals(1997, first.fields().get("year"));
    assertArrayEquals(new float[] {1, 2}, first.vector(), 0);
    assertEquals(List.of("314", "7"), catalogue.readers().stream().map(Reader::id).toList());
    assertArrayEquals(new float[] {7, 8}, catalogue.readers().get(1).vector(), 0);
  }

  @Test
  public void testAMissingFileIsNamed() throws IOException {
    Path root = folder.getRoot().toPath();
    LoadException e = assertThrows(LoadException.class, () -> new GoodbooksCatalogue(root).read());
    assertTrue(e.getMessage(), e.getMessage().contains("neither item-als64-gen2.fvecs nor"));
  }

  private void writeGoodbooks() throws IOException {
    write(
        "books.csv",
        """
        id,book_id,authors,original_publication_year,title
        1,900,"Cornelia Funke, Anthea Bell",1997.0,"Dragon Rider (Dragon Rider, #1)"
        2,901,Jane Austen,-720.0,"Emma, ""again\"""
        """);
    write(
        "book_genres.csv",
        "book_id,goodreads_book_id,genres\n1,900,\"fantasy,ya\"\n2,901,classics\n");
    zip(
        "ratings-train.csv",
        "book_id,user_id,rating\n1,314,5\n1,7,4\n".getBytes(StandardCharsets.UTF_8));
    Files.write(folder.getRoot().toPath().resolve("item-als64-gen2.fvecs"), rows(1, 2, 3, 4));
    zip("user-als64-gen2.fvecs", rows(5, 6, 7, 8));
    zip("user-ids-gen2.txt", "314\n7\n".getBytes(StandardCharsets.UTF_8));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.getRoot().toPath().resolve(name), text);
  }

  private void zip(String name, byte[] content) throws IOException {
    Path file = folder.getRoot().toPath().resolve(name + ".gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(content);
    }
  }

  /** Two rows of dimension 2. */
  private static byte[] rows(float a, float b, float c, float d) {
    return ByteBuffer.allocate(24)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(2)
        .putFloat(a)
        .putFloat(b)
        .putInt(2)
        .putFloat(c)
        .putFloat(d)
        .array();
  }
}
