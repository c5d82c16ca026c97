/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import java.util.List;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DoubleValues;
import org.apache.lucene.search.Explanation;

/**
 * The parts of a blend beside relevance, in one segment. Documents must come in ascending order.
 * For one thread.
 */
final class BlendParts {

  private final BlendFormula formula;

  /**
   * By affinity; null where there is nothing to compare: no document of the segment has a vector.
   */
  private final ExactVectors[] vectors;

  private final DoubleValues[] numbers;
  private final ConfidenceValues[] vectorConfidences;
  private final ConfidenceValues[] numberConfidences;

  BlendParts(BlendFormula formula, LeafReaderContext context) throws IOException {
    this.formula = formula;
    this.vectors = new ExactVectors[formula.affinities().size()];
    this.vectorConfidences = new ConfidenceValues[vectors.length];
    for (int i = 0; i < vectors.length; i++) {
      Affinity affinity = formula.affinities().get(i);
      vectors[i] =
          affinity.isNeutral()
              ? null
              : ExactVectors.of(
                  context.reader(), affinity.field(), affinity.space(), affinity.target());
      vectorConfidences[i] = ConfidenceValues.of(affinity.confidence(), context);
    }
    this.numbers = new DoubleValues[formula.priors().size()];
    this.numberConfidences = new ConfidenceValues[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      Prior prior = formula.priors().get(i);
      numbers[i] = prior.values().getValues(context, null);
      numberConfidences[i] = ConfidenceValues.of(prior.confidence(), context);
    }
  }

  BlendFormula formula() {
    return formula;
  }

  /** The sum of all affinities and priors of {@code doc}. */
  double sum(int doc) throws IOException {
    double sum = 0;
    for (int i = 0; i < vectors.length; i++) {
      Affinity affinity = formula.affinities().get(i);
      double weight = affinity.weight() * vectorConfidences[i].share(doc);
      if (weight > 0) {
        sum +=
            weight * (hasVector(i, doc) ? affinity.value(vectors[i].signal()) : affinity.missing());
      }
    }
    for (int i = 0; i < numbers.length; i++) {
      Prior prior = formula.priors().get(i);
      double weight = prior.weight() * numberConfidences[i].share(doc);
      if (weight > 0) {
        sum +=
            weight
                * (hasNumber(i, doc)
                    ? prior.function().apply(numbers[i].doubleValue())
                    : prior.missing());
      }
    }
    return sum;
  }

  /** Adds one explanation per part to {@code details} and returns what {@link #sum} would. */
  double explain(int doc, List<Explanation> details) throws IOException {
    double sum = 0;
    for (int i = 0; i < vectors.length; i++) {
      Affinity affinity = formula.affinities().get(i);
      if (affinity.isNeutral()) {
        details.add(
            Explanation.match(
                0, "affinity [" + affinity.field() + "]: 0, " + affinity.reference()));
        continue;
      }
      String start =
          "affinity ["
              + affinity.field()
              + "]: weight "
              + affinity.weight()
              + " * "
              + vectorConfidences[i].explain(doc);
      double weight = affinity.weight() * vectorConfidences[i].share(doc);
      double part;
      String formulaOfSignal;
      if (hasVector(i, doc)) {
        float signal = vectors[i].signal();
        part = weight > 0 ? weight * affinity.value(signal) : 0;
        formulaOfSignal =
            affinity.function().formula()
                + " of x = "
                + (affinity.function() instanceof ScoreFunction.Identity
                    ? affinity.space().score(signal) + ", the score of "
                    : "")
                + affinity.space().signalName()
                + " "
                + signal;
      } else {
        part = weight * affinity.missing();
        formulaOfSignal = affinity.missing() + ", the document has no vector";
      }
      sum += part;
      details.add(
          Explanation.match(
              part * formula.boost(), start + formulaOfSignal + ", to " + affinity.reference()));
    }
    for (int i = 0; i < numbers.length; i++) {
      Prior prior = formula.priors().get(i);
      String start =
          "prior ["
              + prior.name()
              + "]: weight "
              + prior.weight()
              + " * "
              + numberConfidences[i].explain(doc);
      double weight = prior.weight() * numberConfidences[i].share(doc);
      double part;
      String formulaOfSignal;
      if (hasNumber(i, doc)) {
        double signal = numbers[i].doubleValue();
        part = weight * prior.function().apply(signal);
        formulaOfSignal = prior.function().formula() + " of x = " + signal;
      } else {
        part = weight * prior.missing();
        formulaOfSignal = prior.missing() + ", the document has no value";
      }
      sum += part;
      details.add(Explanation.match(part * formula.boost(), start + formulaOfSignal));
    }
    return sum;
  }

  private boolean hasVector(int i, int doc) throws IOException {
    return vectors[i] != null && vectors[i].advanceExact(doc);
  }

  private boolean hasNumber(int i, int doc) throws IOException {
    return numbers[i].advanceExact(doc) && !Double.isNaN(numbers[i].doubleValue());
  }
}
