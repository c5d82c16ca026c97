/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/** What parts count beside relevance, which counts 1; with 0 a part is left out. */
record Weights(double affinity, double popularity) {

  static final Weights NONE = new Weights(0, 0);

  private static final double[] ONE = {0, .05, .1, .2, .3, .5, .8, 1, 1.5, 2, 3, 5, 8, 16, 32, 64};
  private static final double[] AFFINITY = {.3, 1, 4, 16};

  /** Of the prior, over that of the affinity. */
  private static final double[] RATIO = {0, .1, .25, .6};

  /** 16 settings of the affinity. */
  static List<Weights> affinities() {
    return Arrays.stream(ONE).mapToObj(weight -> new Weights(weight, 0)).toList();
  }

  /** 16 settings of the prior. */
  static List<Weights> priors() {
    return Arrays.stream(ONE).mapToObj(weight -> new Weights(0, weight)).toList();
  }

  /** 16 settings of both. */
  static List<Weights> both() {
    return Arrays.stream(AFFINITY)
        .boxed()
        .flatMap(
            affinity ->
                DoubleStream.of(RATIO).mapToObj(ratio -> new Weights(affinity, ratio * affinity)))
        .toList();
  }
}
