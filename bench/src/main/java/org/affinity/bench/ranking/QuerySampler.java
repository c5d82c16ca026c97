/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.affinity.bench.ranking.RankingSet.Fold;
import org.affinity.bench.ranking.RankingSet.JudgedQuery;

/**
 * Makes queries of held-out likes, one for each person: a held-out item is drawn, then a kind of
 * query that it allows, then the words. Right are all held-out items of this person that have the
 * words.
 */
final class QuerySampler {

  /**
   * A kind of query.
   *
   * @param queries the words by which an item can be searched for
   * @param has whether an item (its id first) has the words
   */
  record Kind(
      String name, Function<String, List<String>> queries, BiPredicate<String, String> has) {

    static Kind of(String name, Words words) {
      return new Kind(name, words::queries, words::has);
    }
  }

  private final List<Kind> kinds;
  private final Random random;

  QuerySampler(List<Kind> kinds, long seed) {
    this.kinds = kinds;
    this.random = new Random(seed);
  }

  /**
   * Queries of some people to tune by and of others to judge by.
   *
   * @param heldOut by person, the items liked after training
   */
  Fold sample(Map<String, List<String>> heldOut, Limits limits) {
    List<String> order = new ArrayList<>(new TreeMap<>(heldOut).keySet());
    Collections.shuffle(order, random);
    List<JudgedQuery> queries = new ArrayList<>();
    for (String person : order) {
      if (queries.size() == limits.tuning() + limits.judged()) {
        break;
      }
      JudgedQuery query = query(person, heldOut.get(person));
      if (query != null) {
        queries.add(query);
      }
    }
    int tuning = Math.min(limits.tuning(), queries.size() / 2);
    return new Fold(queries.subList(0, tuning), queries.subList(tuning, queries.size()));
  }

  private JudgedQuery query(String person, List<String> heldOut) {
    String target = heldOut.get(random.nextInt(heldOut.size()));
    List<Kind> possible =
        kinds.stream().filter(kind -> !kind.queries().apply(target).isEmpty()).toList();
    if (possible.isEmpty()) {
      return null;
    }
    Kind kind = possible.get(random.nextInt(possible.size()));
    List<String> texts = kind.queries().apply(target);
    String text = texts.get(random.nextInt(texts.size()));
    Map<String, Integer> grades = new HashMap<>();
    for (String item : heldOut) {
      if (kind.has().test(item, text)) {
        grades.put(item, 1);
      }
    }
    return new JudgedQuery(person, kind.name(), text, grades, target, Map.of());
  }

  /** The most queries to tune by and to judge by. */
  record Limits(int tuning, int judged) {}
}
