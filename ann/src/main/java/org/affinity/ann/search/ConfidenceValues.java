/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DoubleValues;

/** A {@link Confidence} in one segment. Documents must come in ascending order. For one thread. */
abstract class ConfidenceValues {

  private ConfidenceValues() {}

  /** The share of the weight that counts for {@code doc}, in [0, 1]. */
  abstract double share(int doc) throws IOException;

  /** A factor for an explanation; nothing where the whole weight counts. */
  abstract String explain(int doc) throws IOException;

  static ConfidenceValues of(Confidence confidence, LeafReaderContext context) throws IOException {
    return switch (confidence) {
      case Confidence.Full full -> new Constant(1, "");
      case Confidence.OfReference reference ->
          new Constant(
              reference.upperBound(),
              formula(reference.evidence(), reference.k()) + ", the evidence of the reference, * ");
      case Confidence.OfDocument document ->
          new Numbers(document, document.evidence().getValues(context, null));
    };
  }

  private static String formula(double n, double k) {
    return "confidence n / (n + " + k + ") of n = " + n;
  }

  private static final class Constant extends ConfidenceValues {
    private final double share;
    private final String explanation;

    Constant(double share, String explanation) {
      this.share = share;
      this.explanation = explanation;
    }

    @Override
    double share(int doc) {
      return share;
    }

    @Override
    String explain(int doc) {
      return explanation;
    }
  }

  private static final class Numbers extends ConfidenceValues {
    private final Confidence.OfDocument confidence;
    private final DoubleValues evidence;

    Numbers(Confidence.OfDocument confidence, DoubleValues evidence) {
      this.confidence = confidence;
      this.evidence = evidence;
    }

    @Override
    double share(int doc) throws IOException {
      return evidence.advanceExact(doc)
          ? Confidence.share(evidence.doubleValue(), confidence.k())
          : 0;
    }

    @Override
    String explain(int doc) throws IOException {
      double n = evidence.advanceExact(doc) ? evidence.doubleValue() : 0;
      return formula(n > 0 ? n : 0, confidence.k()) + ", [" + confidence.name() + "], * ";
    }
  }
}
