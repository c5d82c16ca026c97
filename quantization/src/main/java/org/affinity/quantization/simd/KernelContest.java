/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The candidates for one group of operations: scalar, then widest first. One challenges scalar at a
 * time, until it is clearly faster or has had its chance to be compiled. For one thread.
 */
final class KernelContest {

  private static final int CALLS = 20;

  /** Rounds before anything is decided: enough for scalar to be compiled. */
  private static final int LEAST_ROUNDS = 50;

  /** Rounds after which a challenger that gets no faster any more is taken to be compiled. */
  private static final int COMPILED_ROUNDS = 1000;

  private static final long PATIENCE_NANOS = 2_000_000_000L;

  /** A challenger this much faster than scalar wins without a look at narrower ones. */
  private static final double CLEARLY_FASTER = 0.6;

  private final KernelTrial trial;
  private final List<Kernels> candidates = new ArrayList<>();
  private final double[] best;
  private int challenger = 1;
  private int rounds;
  private long improved = System.nanoTime();

  /**
   * A contest of those that are right.
   *
   * @param others widest first
   */
  KernelContest(KernelTrial trial, Kernels scalar, List<Kernels> others) {
    this.trial = trial;
    candidates.add(scalar);
    for (Kernels other : others) {
      if (trial.agrees(other, scalar)) {
        candidates.add(other);
      }
    }
    best = new double[candidates.size()];
    Arrays.fill(best, Double.POSITIVE_INFINITY);
  }

  /** Times some calls if need be; false if nothing is open any more. */
  boolean round() {
    if (challenger == best.length || clear()) {
      return false;
    }
    best[0] = Math.min(best[0], trial.time(candidates.get(0), CALLS));
    double time = trial.time(candidates.get(challenger), CALLS);
    if (time < 0.9 * best[challenger]) {
      improved = System.nanoTime();
    }
    best[challenger] = Math.min(best[challenger], time);
    rounds++;
    if (rounds > COMPILED_ROUNDS && System.nanoTime() - improved > PATIENCE_NANOS && !clear()) {
      challenger++;
      rounds = 0;
      improved = System.nanoTime();
    }
    return true;
  }

  private boolean clear() {
    return rounds > LEAST_ROUNDS && best[challenger] < CLEARLY_FASTER * best[0];
  }

  /** The fastest; the challenger if time ran out before it could show what it can. */
  Kernels winner() {
    if (challenger < best.length) {
      return candidates.get(challenger);
    }
    int winner = 0;
    for (int i = 1; i < best.length; i++) {
      winner = best[i] < best[winner] ? i : winner;
    }
    return candidates.get(winner);
  }

  /** Name and best times. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(trial.name());
    for (int i = 0; i < best.length; i++) {
      if (best[i] < Double.POSITIVE_INFINITY) {
        text.append(
            String.format(Locale.ROOT, " %s %.2f us", candidates.get(i).name(), best[i] / 1000));
      }
    }
    return text.append(challenger < best.length && !clear() ? " (undecided)" : "").toString();
  }
}
