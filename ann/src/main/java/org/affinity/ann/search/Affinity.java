/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import org.apache.lucene.search.IndexSearcher;

/**
 * One affinity of a blend: how near a document's vector is to a person's.
 *
 * @param targets the person's vector, or one for each interest; null if there is none
 * @param function applied to the raw signal; {@link ScoreFunction.Identity} keeps the score that
 *     {@link NearestQuery} gives, the raw number made non-negative
 * @param missing value in place of the function's for documents without a vector
 * @param reference where the vector came from, for explanations
 * @param confidence how much of the weight counts
 */
public record Affinity(
    String field,
    VectorSpace space,
    Targets targets,
    double weight,
    ScoreFunction function,
    double missing,
    String reference,
    Confidence confidence) {

  /** An affinity whose whole weight counts. */
  public Affinity(
      String field,
      VectorSpace space,
      Targets targets,
      double weight,
      ScoreFunction function,
      double missing,
      String reference) {
    this(field, space, targets, weight, function, missing, reference, new Confidence.Full());
  }

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

  /**
   * An affinity to a field that an index does not have: adds nothing to any of its documents, yet
   * is a part, so that their scores stay of one kind with those of other indices.
   */
  public static Affinity unmapped(String field, double weight) {
    return new Affinity(
        field,
        VectorSpace.L2,
        (Targets) null,
        weight,
        VectorSpace.L2.defaultFunction(),
        0,
        "the field is not mapped");
  }

  /** Whether there is no vector to compare with. */
  public boolean isNeutral() {
    return targets == null;
  }

  /** Binds what depends on a searcher. */
  Affinity rewrite(IndexSearcher searcher) throws IOException {
    return new Affinity(
        field, space, targets, weight, function, missing, reference, confidence.rewrite(searcher));
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
}
