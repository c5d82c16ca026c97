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

  BlendParts(BlendFormula formula, LeafReaderContext context) throws IOException {
    this.formula = formula;
    this.vectors = new ExactVectors[formula.affinities().size()];
    for (int i = 0; i < vectors.length; i++) {
      Affinity affinity = formula.affinities().get(i);
      vectors[i] =
          affinity.isNeutral()
              ? null
              : ExactVectors.of(
                  context.reader(), affinity.field(), affinity.space(), affinity.targets());
    }
    this.numbers = new DoubleValues[formula.priors().size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = formula.priors().get(i).values().getValues(context, null);
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
      sum +=
          affinity.weight()
              * (hasVector(i, doc) ? affinity.value(vectors[i].signal()) : affinity.missing());
    }
    for (int i = 0; i < numbers.length; i++) {
      Prior prior = formula.priors().get(i);
      sum +=
          prior.weight()
              * (hasNumber(i, doc)
                  ? prior.function().apply(numbers[i].doubleValue())
                  : prior.missing());
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
      String start = "affinity [" + affinity.field() + "]: weight " + affinity.weight() + " * ";
      double part;
      String formulaOfSignal;
      if (hasVector(i, doc)) {
        float signal = vectors[i].signal();
        part = affinity.weight() * affinity.value(signal);
        formulaOfSignal =
            affinity.function().formula()
                + " of x = "
                + (affinity.function() instanceof ScoreFunction.Identity
                    ? affinity.space().score(signal) + ", the score of "
                    : "")
                + affinity.space().signalName()
                + " "
                + signal
                + vectors[i].nearest();
      } else {
        part = affinity.weight() * affinity.missing();
        formulaOfSignal = affinity.missing() + ", the document has no vector";
      }
      sum += part;
      details.add(
          Explanation.match(
              part * formula.boost(), start + formulaOfSignal + ", to " + affinity.reference()));
    }
    for (int i = 0; i < numbers.length; i++) {
      Prior prior = formula.priors().get(i);
      String start = "prior [" + prior.name() + "]: weight " + prior.weight() + " * ";
      double part;
      String formulaOfSignal;
      if (hasNumber(i, doc)) {
        double signal = numbers[i].doubleValue();
        part = prior.weight() * prior.function().apply(signal);
        formulaOfSignal = prior.function().formula() + " of x = " + signal;
      } else {
        part = prior.weight() * prior.missing();
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
