/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Greedy choice by maximal marginal relevance (J. Carbonell and J. Goldstein, "The use of MMR,
 * diversity-based reranking for reordering documents and producing summaries", SIGIR 1998): each
 * next place goes to the candidate with the largest {@code lambda · relevance − (1 − lambda) ·
 * likeness}, where likeness is the largest to any candidate placed before. Of equals the one that
 * stood first is chosen, so a lambda of 1 changes nothing. Compares {@code places · candidates}
 * pairs at most.
 */
final class MarginalRelevance {

  /** How alike two candidates are, 0 to 1. */
  @FunctionalInterface
  interface Likeness {
    double of(int candidate, int other);
  }

  /**
   * One place.
   *
   * @param candidate its index
   * @param likeness the largest to a candidate of an earlier place
   * @param likestPlace the place of that candidate, from 0; -1 if it is like none
   */
  record Choice(int candidate, double likeness, int likestPlace) {}

  private final double[] relevance;
  private final Likeness likeness;
  private final double lambda;

  /**
   * @param relevance by candidate, 0 to 1; not copied
   * @param lambda 0 (only unlikeness counts) to 1 (only relevance counts)
   */
  MarginalRelevance(double[] relevance, Likeness likeness, double lambda) {
    this.relevance = relevance;
    this.likeness = likeness;
    this.lambda = lambda;
  }

  /**
   * Chooses candidates for the first places, the best first.
   *
   * @param over asked before each place; no further place is chosen once it says yes
   */
  List<Choice> choose(int places, BooleanSupplier over) {
    double[] largest = new double[relevance.length];
    int[] likest = new int[relevance.length];
    Arrays.fill(likest, -1);
    boolean[] placed = new boolean[relevance.length];
    List<Choice> choices = new ArrayList<>();
    while (choices.size() < Math.min(places, relevance.length) && !over.getAsBoolean()) {
      int next = best(largest, placed);
      placed[next] = true;
      for (int i = 0; i < relevance.length; i++) {
        double like = placed[i] ? 0 : likeness.of(i, next);
        if (like > largest[i]) {
          largest[i] = like;
          likest[i] = choices.size();
        }
      }
      choices.add(new Choice(next, largest[next], likest[next]));
    }
    return choices;
  }

  private int best(double[] largest, boolean[] placed) {
    int best = -1;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < relevance.length; i++) {
      double value = lambda * relevance[i] - (1 - lambda) * largest[i];
      if (!placed[i] && value > most) {
        best = i;
        most = value;
      }
    }
    return best;
  }
}
