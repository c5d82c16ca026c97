/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a catalogue up: the same seed gives the same one.
 *
 * <p>Titles are composed of a genre's words and of nouns that all genres share. Embeddings have the
 * structure that factorization finds in ratings: each genre is a direction; an author is mostly one
 * genre, partly another, and partly themselves; a book is its author and itself. A book's length
 * grows mildly with its popularity, which is Zipf-like. A reader is a mixture of one to three
 * genres and some authors. Nothing links a reader to a title.
 */
final class GeneratedCatalogue {
  private static final int DIMENSION = 64;
  private static final int BOOKS = 3000;
  private static final int READERS = 600;
  private static final int AUTHORS_PER_GENRE = 25;
  private static final Pattern SLOT = Pattern.compile("\\{[san]}");

  private final long seed;
  private final Random random;
  private final WordLists words;
  private final List<float[]> directions = new ArrayList<>();
  private final List<Author> authors = new ArrayList<>();

  GeneratedCatalogue(long seed, WordLists words) {
    this.seed = seed;
    this.random = new Random(seed);
    this.words = words;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Author(String name, int genre, float[] vector) {}

  Catalogue make() {
    for (int g = 0; g < words.genres().size(); g++) {
      directions.add(unit(noise(1)));
    }
    makeAuthors();
    List<Book> books = books();
    List<Reader> readers = readers();
    String origin =
        String.format(
            Locale.ROOT,
            "an invented catalogue (seed %d): %,d books and %,d readers; only the ranking is real",
            seed,
            books.size(),
            readers.size());
    return new Catalogue(
        origin, books, readers, words.genres().stream().map(WordLists.Genre::name).toList());
  }

  private void makeAuthors() {
    Set<String> names = new HashSet<>();
    for (int g = 0; g < directions.size(); g++) {
      for (int a = 0; a < AUTHORS_PER_GENRE; a++) {
        float[] vector = noise(0.5);
        add(vector, directions.get(g), 0.85);
        add(vector, directions.get(random.nextInt(directions.size())), 0.25);
        authors.add(new Author(name(names), g, unit(vector)));
      }
    }
  }

  private List<Book> books() {
    List<Integer> ranks = new ArrayList<>();
    for (int rank = 1; rank <= BOOKS; rank++) {
      ranks.add(rank);
    }
    Collections.shuffle(ranks, random);
    Set<String> titles = new HashSet<>();
    List<Book> books = new ArrayList<>();
    for (int b = 0; b < BOOKS; b++) {
      Author author = authors.get(random.nextInt(authors.size()));
      WordLists.Genre genre = words.genres().get(author.genre());
      int popularity = (int) Math.round(4000 / Math.pow(ranks.get(b), 0.75));
      float[] vector = noise(0.6);
      add(vector, author.vector(), 0.9);
      scale(unit(vector), 0.7 + 0.1 * Math.log10(1 + popularity));
      Book.Card card =
          new Book.Card(
              title(genre, titles),
              "",
              author.name(),
              List.of(genre.name()),
              1950 + random.nextInt(75));
      books.add(new Book(Integer.toString(b + 1), card, popularity, vector));
    }
    return books;
  }

  private List<Reader> readers() {
    Set<String> names = new HashSet<>();
    List<Reader> readers = new ArrayList<>();
    for (int r = 0; r < READERS; r++) {
      float[] vector = noise(0.25);
      int liked = 1 + random.nextInt(3);
      for (int i = 0; i < liked; i++) {
        int genre = random.nextInt(directions.size());
        add(vector, directions.get(genre), i == 0 ? 1 : 0.5);
        Author author = authors.get(genre * AUTHORS_PER_GENRE + random.nextInt(AUTHORS_PER_GENRE));
        add(vector, author.vector(), 0.3);
      }
      scale(unit(vector), 3);
      readers.add(new Reader(Integer.toString(r + 1), name(names), vector));
    }
    return readers;
  }

  private String name(Set<String> taken) {
    String name;
    do {
      name = pick(words.givenNames()) + " " + pick(words.familyNames());
    } while (!taken.add(name));
    return name;
  }

  /** A title not used before; where a genre's words run out, a second volume of an earlier one. */
  private String title(WordLists.Genre genre, Set<String> taken) {
    String title = compose(genre);
    for (int attempt = 0; attempt < 20 && taken.contains(title); attempt++) {
      title = compose(genre);
    }
    String base = title;
    for (int volume = 2; !taken.add(title); volume++) {
      title = base + ", Volume " + volume;
    }
    return title;
  }

  private String compose(WordLists.Genre genre) {
    return SLOT.matcher(pick(genre.patterns()))
        .replaceAll(slot -> Matcher.quoteReplacement(fill(slot.group(), genre)));
  }

  private String fill(String slot, WordLists.Genre genre) {
    return switch (slot) {
      case "{s}" -> pick(words.shared());
      case "{a}" -> pick(genre.adjectives());
      default -> pick(genre.nouns());
    };
  }

  private String pick(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** A random vector of about the given length. */
  private float[] noise(double length) {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) (length * random.nextGaussian() / Math.sqrt(DIMENSION));
    }
    return vector;
  }

  private static void add(float[] to, float[] vector, double factor) {
    for (int i = 0; i < to.length; i++) {
      to[i] += (float) (factor * vector[i]);
    }
  }

  private static void scale(float[] vector, double factor) {
    for (int i = 0; i < vector.length; i++) {
      vector[i] *= (float) factor;
    }
  }

  private static float[] unit(float[] vector) {
    double sum = 0;
    for (float v : vector) {
      sum += v * v;
    }
    scale(vector, 1 / Math.sqrt(sum));
    return vector;
  }
}
