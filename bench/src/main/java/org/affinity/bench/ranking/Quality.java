/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How good rankings are: of one query, or the mean over queries.
 *
 * @param ndcg10 normalized discounted cumulative gain of the first ten, gain 2^grade − 1, discount
 *     log2(1 + rank) (C. Burges and others, ICML 2005)
 * @param reciprocalRank 1 / rank of the first relevant document; 0 if the ranking has none
 * @param recall10 share of the relevant documents among the first ten
 * @param recall100 and among the first hundred
 */
record Quality(double ndcg10, double reciprocalRank, double recall10, double recall100) {

  private static final int FIRST = 10;
  private static final int MANY = 100;

  /**
   * Judges one ranking.
   *
   * @param grades of judged documents; others have 0
   * @param relevantFrom the least grade that is relevant; at least one document has it
   */
  static Quality of(List<String> ranking, Map<String, Integer> grades, int relevantFrom) {
    double gain = 0;
    double reciprocal = 0;
    int found10 = 0;
    int found100 = 0;
    for (int i = 0; i < Math.min(MANY, ranking.size()); i++) {
      int grade = grades.getOrDefault(ranking.get(i), 0);
      if (i < FIRST) {
        gain += discounted(grade, i);
      }
      if (grade >= relevantFrom) {
        reciprocal = reciprocal == 0 ? 1.0 / (i + 1) : reciprocal;
        found10 += i < FIRST ? 1 : 0;
        found100++;
      }
    }
    double relevant = grades.values().stream().filter(grade -> grade >= relevantFrom).count();
    return new Quality(
        gain / ideal(grades.values()), reciprocal, found10 / relevant, found100 / relevant);
  }

  private static double ideal(Collection<Integer> grades) {
    int[] ascending = grades.stream().mapToInt(Integer::intValue).sorted().toArray();
    double gain = 0;
    for (int i = 0; i < Math.min(FIRST, ascending.length); i++) {
      gain += discounted(ascending[ascending.length - 1 - i], i);
    }
    return gain;
  }

  private static double discounted(int grade, int place) {
    return (Math.pow(2, grade) - 1) * Math.log(2) / Math.log(2 + place);
  }

  /** The means; NaN of none. */
  static Quality mean(List<Quality> all) {
    return new Quality(
        mean(all, Quality::ndcg10),
        mean(all, Quality::reciprocalRank),
        mean(all, Quality::recall10),
        mean(all, Quality::recall100));
  }

  private static double mean(List<Quality> all, ToDoubleFunction<Quality> measure) {
    return Arrays.stream(values(all, measure)).average().orElse(Double.NaN);
  }

  static double[] values(List<Quality> all, ToDoubleFunction<Quality> measure) {
    return all.stream().mapToDouble(measure).toArray();
  }
}
