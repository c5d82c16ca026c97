/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Searches whose right answer is known: a reader, a word of the title of a book that this reader
 * rated 4 or 5 in the held-out ratings, and the books the reader knew before, which are filtered.
 */
final class TitleWordQueries {

  /** A word is a search when this many titles have it: there is something to rank. */
  private static final int MIN_TITLES = 10;

  private static final int MAX_TITLES = 500;

  /**
   * Weights of the parts beside relevance, which has 1; 0 leaves a part out of the query.
   *
   * @param scale of the sigmoid: the inner products of these factors are small
   */
  record Weights(double taste, double scale, double popularity) {}

  /** One search and the book that should come first. */
  record Case(String user, String word, String book, List<String> known) {

    String request(Weights weights) {
      String query = "{\"match\": {\"title\": \"" + word + "\"}}";
      if (weights.taste() > 0 || weights.popularity() > 0) {
        query =
            "{\"blend\": {\"query\": "
                + query
                + ", \"affinities\": ["
                + (weights.taste() == 0 ? "" : affinity(weights))
                + "], \"priors\": ["
                + (weights.popularity() == 0 ? "" : prior(weights.popularity()))
                + "]}}";
      }
      return "{\"size\": 10, \"_source\": false, \"query\": {\"bool\": {\"must\": ["
          + query
          + "], \"must_not\": [{\"ids\": {\"values\": [\""
          + String.join("\",\"", known)
          + "\"]}}]}}}";
    }

    private String affinity(Weights weights) {
      return "{\"field\": \"taste\", \"weight\": "
          + weights.taste()
          + ", \"function\": {\"sigmoid\": {\"scale\": "
          + weights.scale()
          + "}}"
          + ", \"from\": {\"document\": {\"index\": \"readers\", \"id\": \""
          + user
          + "\"}}}";
    }

    private static String prior(double weight) {
      return "{\"field\": \"popularity\", \"weight\": "
          + weight
          + ", \"function\": {\"log\": {\"max\": 10000}}}";
    }
  }

  private TitleWordQueries() {}

  /** At most one case per reader, in random order from a fixed seed. */
  static List<Case> sample(GoodbooksData data, int size, long seed) throws IOException {
    Map<String, List<String>> known = new HashMap<>();
    for (Map<String, String> rating : data.csv("ratings-train.csv")) {
      known
          .computeIfAbsent(rating.get("user_id"), user -> new ArrayList<>())
          .add(rating.get("book_id"));
    }
    Map<String, List<String>> liked = new TreeMap<>();
    for (Map<String, String> rating : data.csv("ratings-test.csv")) {
      if (Integer.parseInt(rating.get("rating")) >= 4) {
        liked
            .computeIfAbsent(rating.get("user_id"), user -> new ArrayList<>())
            .add(rating.get("book_id"));
      }
    }
    Map<String, Set<String>> words = words(data);
    Map<String, Integer> titles = new HashMap<>();
    words.values().forEach(all -> all.forEach(word -> titles.merge(word, 1, Integer::sum)));
    Set<String> readers = new HashSet<>(data.lines("user-ids-gen2.txt"));
    Random random = new Random(seed);
    List<String> users = new ArrayList<>(liked.keySet());
    Collections.shuffle(users, random);
    List<Case> cases = new ArrayList<>();
    for (String user : users) {
      List<String> books = liked.get(user);
      String book = books.get(random.nextInt(books.size()));
      List<String> before = known.getOrDefault(user, List.of());
      List<String> candidates =
          words.get(book).stream()
              .filter(word -> titles.get(word) >= MIN_TITLES && titles.get(word) <= MAX_TITLES)
              .sorted()
              .toList();
      if (readers.contains(user) && !before.contains(book) && !candidates.isEmpty()) {
        String word = candidates.get(random.nextInt(candidates.size()));
        cases.add(new Case(user, word, book, before));
      }
      if (cases.size() == size) {
        break;
      }
    }
    return cases;
  }

  private static Map<String, Set<String>> words(GoodbooksData data) throws IOException {
    Map<String, Set<String>> words = new HashMap<>();
    for (Map<String, String> book : data.csv("books.csv")) {
      Set<String> ofTitle = new HashSet<>();
      for (String word : book.get("title").toLowerCase(Locale.ROOT).split("[^a-z]+")) {
        if (word.length() > 2) {
          ofTitle.add(word);
        }
      }
      words.put(book.get("id"), ofTitle);
    }
    return words;
  }
}
