/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import java.util.Random;

/**
 * Fisher's paired randomization test, two-sided, by sampling (M. Smucker, J. Allan, B. Carterette:
 * A Comparison of Statistical Significance Tests for Information Retrieval Evaluation, CIKM 2007).
 * If two systems are alike, which of them a query's value came from is a coin toss.
 */
final class RandomizationTest {

  /** Sums of the same numbers in another order may differ by so much of their size. */
  private static final double ROUNDING = 1e-9;

  private final int permutations;
  private final long seed;

  RandomizationTest(int permutations, long seed) {
    this.permutations = permutations;
    this.seed = seed;
  }

  /**
   * How often a coin toss for each query gives a difference of means as large as the observed one.
   * The observed assignment counts as one of them, so the least p is 1 / (permutations + 1).
   */
  double p(double[] first, double[] second) {
    double[] differences = new double[first.length];
    double observed = 0;
    double size = 0;
    for (int i = 0; i < differences.length; i++) {
      differences[i] = first[i] - second[i];
      observed += differences[i];
      size += Math.abs(differences[i]);
    }
    double least = Math.abs(observed) - ROUNDING * size;
    Random coin = new Random(seed);
    int asLarge = 1;
    for (int permutation = 0; permutation < permutations; permutation++) {
      double sum = 0;
      for (double difference : differences) {
        if (difference != 0) {
          sum += coin.nextBoolean() ? difference : -difference;
        }
      }
      asLarge += Math.abs(sum) >= least ? 1 : 0;
    }
    return asLarge / (permutations + 1.0);
  }
}
