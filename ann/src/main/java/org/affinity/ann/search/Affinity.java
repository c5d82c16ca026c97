/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

/**
 * One affinity of a blend: how near a document's vector is to a person's.
 *
 * @param targets the person's vector, or one for each interest; null if there is none
 * @param function applied to the raw signal; {@link ScoreFunction.Identity} keeps the score that
 *     {@link NearestQuery} gives, the raw number made non-negative
 * @param missing value in place of the function's for documents without a vector
 * @param reference where the vector came from, for explanations
 */
public record Affinity(
    String field,
    VectorSpace space,
    Targets targets,
    double weight,
    ScoreFunction function,
    double missing,
    String reference) {

  /**
   * With one vector.
   *
   * @param target not copied, must not be changed
   */
  public Affinity(
      String field,
      VectorSpace space,
      float[] target,
      double weight,
      ScoreFunction function,
      double missing,
      String reference) {
    this(field, space, Targets.of(target), weight, function, missing, reference);
  }

  /** An affinity of somebody of whom nothing is known: adds nothing to any document. */
  public static Affinity neutral(String field, VectorSpace space, String reference) {
    return new Affinity(field, space, (Targets) null, 0, space.defaultFunction(), 0, reference);
  }

  /** Whether there is no vector to compare with. */
  public boolean isNeutral() {
    return targets == null;
  }

  double value(float signal) {
    return function instanceof ScoreFunction.Identity
        ? space.score(signal)
        : function.apply(signal);
  }

  /** The most this part can add to a score. */
  double upperBound() {
    double bound =
        function instanceof ScoreFunction.Identity ? space.upperBound() : function.upperBound();
    return weight == 0 ? 0 : weight * Math.max(missing, bound);
  }
}
