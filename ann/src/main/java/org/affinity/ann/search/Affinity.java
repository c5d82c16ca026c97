/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.apache.lucene.search.IndexSearcher;

/**
 * One affinity of a blend: how near a document's vector is to a person's.
 *
 * @param target the person's vector; not copied, must not be changed; null if there is none
 * @param function applied to the raw signal; {@link ScoreFunction.Identity} keeps the score that
 *     {@link NearestQuery} gives, the raw number made non-negative
 * @param missing value in place of the function's for documents without a vector
 * @param reference where the vector came from, for explanations
 * @param confidence how much of the weight counts
 */
public record Affinity(
    String field,
    VectorSpace space,
    float[] target,
    double weight,
    ScoreFunction function,
    double missing,
    String reference,
    Confidence confidence) {

  /** An affinity whose whole weight counts. */
  public Affinity(
      String field,
      VectorSpace space,
      float[] target,
      double weight,
      ScoreFunction function,
      double missing,
      String reference) {
    this(field, space, target, weight, function, missing, reference, new Confidence.Full());
  }

  /** An affinity of somebody of whom nothing is known: adds nothing to any document. */
  public static Affinity neutral(String field, VectorSpace space, String reference) {
    return new Affinity(field, space, null, 0, space.defaultFunction(), 0, reference);
  }

  /**
   * An affinity to a field that an index does not have: adds nothing to any of its documents, yet
   * is a part, so that their scores stay of one kind with those of other indices.
   */
  public static Affinity unmapped(String field, double weight) {
    return new Affinity(
        field,
        VectorSpace.L2,
        null,
        weight,
        VectorSpace.L2.defaultFunction(),
        0,
        "the field is not mapped");
  }

  /** Whether there is no vector to compare with. */
  public boolean isNeutral() {
    return target == null;
  }

  /** Binds what depends on a searcher. */
  Affinity rewrite(IndexSearcher searcher) throws IOException {
    return new Affinity(
        field, space, target, weight, function, missing, reference, confidence.rewrite(searcher));
  }

  double value(float signal) {
    return function instanceof ScoreFunction.Identity
        ? space.score(signal)
        : function.apply(signal);
  }

  /** The most the weight can be; 0 if the part adds nothing to any document. */
  double mostWeight() {
    return weight * confidence.upperBound();
  }

  /** The most this part can add to a score. */
  double upperBound() {
    double bound =
        function instanceof ScoreFunction.Identity ? space.upperBound() : function.upperBound();
    double most = mostWeight();
    return most == 0 ? 0 : most * Math.max(missing, bound);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Affinity that
        && field.equals(that.field)
        && space == that.space
        && Arrays.equals(target, that.target)
        && weight == that.weight
        && function.equals(that.function)
        && missing == that.missing
        && reference.equals(that.reference)
        && confidence.equals(that.confidence);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        field, space, Arrays.hashCode(target), weight, function, missing, reference, confidence);
  }
}
