/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import java.util.ArrayList;
import java.util.List;

/**
 * How a vector x becomes a code, and a code an estimate of its score. With y = x − μ, μ the
 * sample's mean, and ŷ what the code stands for, the inner product with a query q is estimated as
 * ⟨q, μ⟩ + w·⟨q, ŷ⟩.
 *
 * <p>None of the four is best everywhere: a trainer measures (docs/decisions 0009 has figures).
 *
 * @param rotated y is turned first so that subspaces are uncorrelated and carry equal variance
 *     ({@link Rotation.Axes#balanced}): 5 to 20 points of recall on text and images, nothing or
 *     less on factors that a model already made independent
 * @param direction the code is that of x/‖x‖, without a mean, and the length goes into w: for norms
 *     that differ much, as popularity makes them differ in recommenders. {@link
 *     Metric#INNER_PRODUCT} only; vectors under cosine have one length already.
 * @param scalar w = ‖y‖²/⟨y, ŷ⟩ is kept with the code (times ‖x‖ for directions), so that the
 *     estimate is right for the part of q that lies along y: the unbiasing of RaBitQ (J. Gao, C.
 *     Long, SIGMOD 2024) applied to a product quantizer. Without it w is 1, or ‖x‖ for directions.
 *     Not for {@link Metric#L2}, where it was measured to lose.
 * @param residual the first code names one of k centroids of the whole vector, and the other m − 1
 *     code what is left of it: a first stage as in residual quantization (Y. Chen, T. Guan, C.
 *     Wang, Sensors 10(12), 2010) at no byte more; only with a scalar, and with codes of 8 bits
 */
public record Estimator(boolean rotated, boolean direction, boolean scalar, boolean residual) {

  /** The product quantizer of the paper: no rotation, no length apart, no scalar, one stage. */
  public static final Estimator PLAIN = new Estimator(false, false, false, false);

  private static final boolean[] EITHER = {false, true};

  /** What does well nearly everywhere, for when there is no time to try: rotated, with a scalar. */
  public static Estimator usual(Metric metric) {
    return new Estimator(true, false, metric != Metric.L2, false);
  }

  /** All that a metric and a shape admit, the simplest first. */
  static List<Estimator> candidates(Metric metric, PqParameters parameters) {
    List<Estimator> candidates = new ArrayList<>();
    for (boolean residual : EITHER) {
      for (boolean rotated : EITHER) {
        for (boolean direction : EITHER) {
          for (boolean scalar : EITHER) {
            Estimator candidate = new Estimator(rotated, direction, scalar, residual);
            if (candidate.refusal(metric, parameters) == null) {
              candidates.add(candidate);
            }
          }
        }
      }
    }
    return candidates;
  }

  /**
   * This estimator.
   *
   * @throws IllegalArgumentException if the metric or the shape does not admit it
   */
  Estimator checked(Metric metric, PqParameters parameters) {
    String refusal = refusal(metric, parameters);
    if (refusal != null) {
      throw new IllegalArgumentException(refusal);
    }
    return this;
  }

  private String refusal(Metric metric, PqParameters parameters) {
    if (direction && metric != Metric.INNER_PRODUCT) {
      return "directions are for inner products, not for " + metric;
    }
    if (scalar && metric == Metric.L2) {
      return "a scalar estimates inner products, not distances";
    }
    if (residual && (!scalar || parameters.bits() != 8 || parameters.m() < 2)) {
      return "a residual code needs a scalar, 8 bits and at least two codes";
    }
    return null;
  }

  /** Whether w is stored with every code. */
  public boolean weighted() {
    return direction || scalar;
  }

  /** This estimator with or without the scalar, which makes no difference to its codebook. */
  Estimator withScalar(boolean with) {
    return new Estimator(rotated, direction, with, residual);
  }
}
