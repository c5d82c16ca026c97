/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.demo;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.affinity.ingest.Embedding;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.LoadException;
import org.affinity.ingest.Row;
import org.affinity.ingest.format.FvecsReader;

/**
 * The goodbooks-10k data: books, genres, ratings, and embeddings that were learned from the
 * ratings. Files may be gzipped and named so, or not. A book's popularity is its number of training
 * ratings.
 */
final class GoodbooksCatalogue {
  /** Tags of goodbooks are readers' shelves; these name a taste without saying it five times. */
  private static final List<String> MAIN_GENRES =
      List.of(
          "fantasy",
          "romance",
          "mystery",
          "young-adult",
          "classics",
          "historical-fiction",
          "thriller",
          "science-fiction",
          "history",
          "horror",
          "children",
          "biography",
          "memoir",
          "philosophy",
          "paranormal-romance",
          "psychology",
          "politics",
          "graphic-novels",
          "poetry",
          "mythology",
          "business",
          "religion",
          "science",
          "travel",
          "humor",
          "cookbooks");

  /** A title, and in brackets at its end the series. */
  private static final Pattern TITLE = Pattern.compile("(.+?)\\s*\\(([^()]*#[^()]*)\\)\\s*");

  private final Path folder;

  GoodbooksCatalogue(Path folder) {
    this.folder = folder;
  }

  Catalogue read() throws IOException {
    List<float[]> bookVectors = new ArrayList<>();
    try (EmbeddingReader rows = FvecsReader.open(file("item-als64-gen2.fvecs"), 0)) {
      readAll(rows, row -> bookVectors.add(row.vector()));
    }
    List<Reader> readers = new ArrayList<>();
    Path ids = file("user-ids-gen2.txt");
    try (EmbeddingReader rows = FvecsReader.open(file("user-als64-gen2.fvecs"), ids, 0)) {
      readAll(rows, row -> readers.add(new Reader(row.id(), "Reader " + row.id(), row.vector())));
    }
    List<Book> books = books(bookVectors);
    String origin =
        String.format(
            Locale.ROOT,
            "goodbooks from %s: %,d books and %,d readers, embeddings learned from their ratings",
            folder,
            books.size(),
            readers.size());
    return new Catalogue(origin, books, readers, MAIN_GENRES);
  }

  private List<Book> books(List<float[]> vectors) throws IOException {
    Map<String, Integer> popularity = new HashMap<>();
    readCsv("ratings-train.csv", row -> popularity.merge(row.get("book_id"), 1, Integer::sum));
    Map<String, List<String>> genres = new HashMap<>();
    readCsv(
        "book_genres.csv",
        row -> genres.put(row.get("book_id"), List.of(row.get("genres").split(",", -1))));
    List<Book> books = new ArrayList<>();
    readCsv(
        "books.csv",
        row -> {
          String id = row.get("id");
          Matcher title = TITLE.matcher(row.get("title"));
          boolean inSeries = title.matches();
          Book.Card card =
              new Book.Card(
                  inSeries ? title.group(1) : row.get("title"),
                  inSeries ? title.group(2) : "",
                  row.get("authors"),
                  genres.getOrDefault(id, List.of()),
                  year(row.get("original_publication_year")));
          float[] vector = vectorOf(id, vectors);
          books.add(new Book(id, card, popularity.getOrDefault(id, 0), vector));
        });
    return books;
  }

  /** Row r is book r + 1. */
  private static float[] vectorOf(String id, List<float[]> vectors) {
    int row = Integer.parseInt(id) - 1;
    if (row < 0 || row >= vectors.size()) {
      throw new IllegalArgumentException(
          "there is no vector for book " + id + ": the file has " + vectors.size() + " rows");
    }
    return vectors.get(row);
  }

  private static int year(String text) {
    return text == null || text.isEmpty() ? 0 : (int) Double.parseDouble(text);
  }

  private static void readAll(EmbeddingReader rows, Consumer<Embedding> each) throws IOException {
    for (Optional<Row> row = rows.next(); row.isPresent(); row = rows.next()) {
      switch (row.get()) {
        case Row.Accepted accepted -> each.accept(accepted.embedding());
        case Row.Rejected rejected ->
            throw new LoadException("row " + rejected.number() + ": " + rejected.reason());
      }
    }
  }

  private void readCsv(String name, Consumer<Map<String, String>> each) throws IOException {
    ObjectReader csv =
        new CsvMapper().readerForMapOf(String.class).with(CsvSchema.emptySchema().withHeader());
    try (InputStream in = open(file(name));
        MappingIterator<Map<String, String>> rows = csv.readValues(in)) {
      while (rows.hasNextValue()) {
        each.accept(rows.nextValue());
      }
    }
  }

  private static InputStream open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file));
    return file.toString().endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : in;
  }

  private Path file(String name) throws IOException {
    for (String form : List.of(name, name + ".gz")) {
      if (Files.exists(folder.resolve(form))) {
        return folder.resolve(form);
      }
    }
    throw new LoadException("there is neither " + name + " nor " + name + ".gz in " + folder);
  }
}
