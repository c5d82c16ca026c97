/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What parts count beside relevance, which counts 1; with 0 a part is left out. */
record Weights(double affinity, double popularity) {

  static final Weights NONE = new Weights(0, 0);

  private static final double[] ONE = {0, .05, .1, .2, .3, .5, .8, 1, 1.5, 2, 3, 5, 8, 16, 32, 64};

  /** Of the prior where the affinity is left out. */
  private static final double[] PRIOR = {.2, 1, 5, 32};

  private static final double[] AFFINITY = {1, 5, 16};

  /** Of the prior, over that of the affinity. */
  private static final double[] RATIO = {0, .3, 1, 3};

  /** 16 settings of the affinity. */
  static List<Weights> affinities() {
    return Arrays.stream(ONE).mapToObj(weight -> new Weights(weight, 0)).toList();
  }

  /** 16 settings of the prior. */
  static List<Weights> priors() {
    return Arrays.stream(ONE).mapToObj(weight -> new Weights(0, weight)).toList();
  }

  /** 16 settings of both, some of which leave out the one or the other. */
  static List<Weights> both() {
    Stream<Weights> priors = Arrays.stream(PRIOR).mapToObj(weight -> new Weights(0, weight));
    Stream<Weights> both =
        Arrays.stream(AFFINITY)
            .boxed()
            .flatMap(
                affinity ->
                    Arrays.stream(RATIO)
                        .mapToObj(ratio -> new Weights(affinity, ratio * affinity)));
    return Stream.concat(priors, both).toList();
  }
}
