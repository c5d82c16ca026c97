/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import java.util.List;

/**
 * What a training did and reached; travels with the quantizer.
 *
 * @param sample vectors it learned from
 * @param error of the quantizer on one in ten of those vectors, before it saw them; of samples
 *     below 2,048 on the sample itself
 * @param trials every {@link Estimator} that was tried, with its recall; empty where the estimator
 *     was given or the sample was too small to tell
 */
public record Training(int sample, ReconstructionError error, List<Trial> trials) {

  /**
   * One estimator's trial.
   *
   * @param recall of the ten best vectors for a query, the share among the first twenty by code, on
   *     vectors and queries of the sample; 0 to 1
   */
  public record Trial(Estimator estimator, float recall) {}

  public Training {
    trials = List.copyOf(trials);
  }
}
