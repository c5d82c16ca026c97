/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import java.util.List;
import java.util.Map;

/**
 * A data set: what is searched, by whom, and what was right.
 *
 * @param about what the queries are and how the data was split, in a sentence or two
 * @param texts the text fields
 * @param allWords whether a match has all words of a query
 * @param embeddings the spaces in which items have vectors; the first is the one whose codes and
 *     cold start are measured
 * @param people by id; empty if queries bring their own vectors
 * @param likes of training; null if there are none
 * @param relevantFrom the least grade that counts as relevant for recall and reciprocal rank
 */
record RankingSet(
    String name,
    String about,
    List<TextField> texts,
    boolean allWords,
    List<Embedding> embeddings,
    List<Item> items,
    Map<String, Person> people,
    Likes likes,
    List<Fold> folds,
    int relevantFrom) {

  /** A text field and what a match in it counts. */
  record TextField(String name, String analyzer, int boost) {}

  /** A space of vectors; its name is a field's. */
  record Embedding(String name, int dimension, String space) {

    boolean isInnerProduct() {
      return space.equals("innerproduct");
    }
  }

  /**
   * A document.
   *
   * @param popularity how often it was liked or bought in training
   * @param vectors by embedding; an item that training did not see has none
   */
  record Item(String id, Map<String, String> texts, int popularity, Map<String, float[]> vectors) {}

  /**
   * Someone who searches.
   *
   * @param liked in training, the oldest first if times are known
   * @param known items of training, liked or not, which are no answer
   * @param vectors by embedding
   */
  record Person(List<String> liked, List<String> known, Map<String, float[]> vectors) {}

  /**
   * A search whose right answers are known.
   *
   * @param person an id, or null
   * @param kind of query, such as one word of a title
   * @param grades of judged items
   * @param target the item that the query was drawn for, or null
   * @param vectors of the query itself by embedding, where people have none
   */
  record JudgedQuery(
      String person,
      String kind,
      String text,
      Map<String, Integer> grades,
      String target,
      Map<String, float[]> vectors) {}

  /** Queries to choose settings by, and others, of other people, to judge by. */
  record Fold(List<JudgedQuery> tuning, List<JudgedQuery> judged) {}

  /** Whether queries come from people of whom something is known. */
  boolean isPersonal() {
    return !people.isEmpty();
  }
}
