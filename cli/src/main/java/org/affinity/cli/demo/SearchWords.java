/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Chooses words to search for: those of a list of ambiguous ones that stand in enough titles, and
 * whose titles the readers differ on most by their embeddings. What the search then answers is the
 * server's affair.
 */
final class SearchWords {
  private static final List<String> AMBIGUOUS =
      List.of(
          "dragon", "night", "star", "garden", "king", "fire", "house", "heart", "shadow", "moon",
          "city", "war", "winter", "stone", "ghost", "island", "magic", "blood", "river", "queen",
          "secret", "dark", "love", "world", "dead", "life", "kitchen", "road", "story");
  private static final int ENOUGH = 15;
  private static final int SHOWN = 5;

  private final Catalogue catalogue;

  SearchWords(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** The words on which three readers differ most. */
  List<String> choose(List<Taste> readers, int count) {
    record Candidate(String word, double difference) {}
    List<Candidate> candidates = new ArrayList<>();
    for (String word : AMBIGUOUS) {
      List<Book> matches = matches(word);
      if (matches.size() >= ENOUGH) {
        candidates.add(new Candidate(word, difference(readers, matches)));
      }
    }
    return candidates.stream()
        .sorted(Comparator.comparingDouble((Candidate c) -> -c.difference()))
        .limit(count)
        .map(Candidate::word)
        .toList();
  }

  List<Book> matches(String word) {
    Pattern pattern =
        Pattern.compile("\\b" + Pattern.quote(word) + "s?\\b", Pattern.CASE_INSENSITIVE);
    return catalogue.books().stream()
        .filter(book -> pattern.matcher(book.card().title().toLowerCase(Locale.ROOT)).find())
        .toList();
  }

  /** How many different books the readers' own first fives hold together. */
  private static double difference(List<Taste> readers, List<Book> matches) {
    Set<String> together = new HashSet<>();
    double spread = 0;
    for (Taste taste : readers) {
      List<Book> own =
          matches.stream()
              .sorted(Comparator.comparingDouble((Book b) -> -Tastes.affinity(taste.reader(), b)))
              .toList();
      own.stream().limit(SHOWN).map(Book::id).forEach(together::add);
      spread +=
          Tastes.affinity(taste.reader(), own.getFirst())
              - Tastes.affinity(taste.reader(), own.get(own.size() / 2));
    }
    return together.size() + spread / readers.size();
  }
}
