/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import java.util.Objects;
import org.apache.lucene.search.DoubleValuesSource;
import org.apache.lucene.search.IndexSearcher;

/**
 * How much of a part's weight counts: {@code n / (n + k)}, half once the evidence n reaches k and
 * nearly all of it far above. Without evidence the part adds nothing. Immutable.
 */
public sealed interface Confidence {

  /** The most of the weight that can count. */
  double upperBound();

  /** Binds what depends on a searcher. */
  default Confidence rewrite(IndexSearcher searcher) throws IOException {
    return this;
  }

  /** {@code n / (n + k)}, in [0, 1]; 0 where n is negative or not a number. */
  static double share(double n, double k) {
    return !(n > 0) ? 0 : n == Double.POSITIVE_INFINITY ? 1 : n / (n + k);
  }

  /** The whole weight counts, for every document. */
  record Full() implements Confidence {
    @Override
    public double upperBound() {
      return 1;
    }
  }

  /**
   * One evidence for all documents.
   *
   * @param evidence how much the reference of an affinity is made of
   * @param k above 0
   */
  record OfReference(double evidence, double k) implements Confidence {
    public OfReference {
      requirePositive(k);
    }

    @Override
    public double upperBound() {
      return share(evidence, k);
    }
  }

  /**
   * The evidence of each document.
   *
   * @param name field name, for explanations
   * @param evidence a document without a number has none
   * @param k above 0
   */
  record OfDocument(String name, DoubleValuesSource evidence, double k) implements Confidence {
    public OfDocument {
      Objects.requireNonNull(name);
      Objects.requireNonNull(evidence);
      requirePositive(k);
    }

    @Override
    public double upperBound() {
      return 1;
    }

    @Override
    public Confidence rewrite(IndexSearcher searcher) throws IOException {
      return new OfDocument(name, evidence.rewrite(searcher), k);
    }
  }

  private static void requirePositive(double k) {
    if (!(k > 0) || Double.isInfinite(k)) {
      throw new IllegalArgumentException(
          "[confidence.k] must be a finite number above 0, got [" + k + "]");
    }
  }
}
