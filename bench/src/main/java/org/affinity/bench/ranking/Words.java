/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which documents have which words: those worth searching for, where there is a choice to rank. */
final class Words {

  private static final int SHORTEST = 3;

  /** What an English analyzer drops (Lucene's list). */
  private static final Set<String> STOPPED =
      Set.of(
          "and", "are", "but", "for", "into", "not", "such", "that", "the", "their", "then",
          "there", "these", "they", "this", "was", "will", "with");

  private final int least;
  private final int most;
  private final Map<String, Set<String>> ofDocument = new HashMap<>();
  private final Map<String, Integer> documents = new HashMap<>();

  /** Words count as queries that at least and at most so many documents have. */
  Words(int least, int most) {
    this.least = least;
    this.most = most;
  }

  void add(String id, String text) {
    Set<String> words = new TreeSet<>();
    for (String word : text.toLowerCase(Locale.ROOT).split("[^a-z]+")) {
      if (word.length() >= SHORTEST && !STOPPED.contains(word)) {
        words.add(word);
      }
    }
    ofDocument.put(id, words);
    words.forEach(word -> documents.merge(word, 1, Integer::sum));
  }

  /** The words of a document that are queries, in alphabetical order. */
  List<String> queries(String id) {
    return ofDocument.get(id).stream()
        .filter(word -> documents.get(word) >= least && documents.get(word) <= most)
        .toList();
  }

  boolean has(String id, String word) {
    return ofDocument.get(id).contains(word);
  }
}
