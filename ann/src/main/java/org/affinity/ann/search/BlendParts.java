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
  private final SegmentSignals[] vectors;

  private final DoubleValues[] numbers;
  private final ConfidenceValues[] vectorConfidences;
  private final ConfidenceValues[] numberConfidences;

  /** The most that the parts from a column on can add here; 0 behind the last. */
  private final double[] upperBounds;

  private final float[] signals = new float[SegmentSignals.BATCH];

  BlendParts(BlendFormula formula, Precision precision, LeafReaderContext context)
      throws IOException {
    this.formula = formula;
    this.vectors = new SegmentSignals[formula.affinities().size()];
    this.vectorConfidences = new ConfidenceValues[vectors.length];
    for (int i = 0; i < vectors.length; i++) {
      Affinity affinity = formula.affinities().get(i);
      vectors[i] = affinity.isNeutral() ? null : signals(context, affinity, precision);
      vectorConfidences[i] = ConfidenceValues.of(affinity.confidence(), context);
    }
    this.numbers = new DoubleValues[formula.priors().size()];
    this.numberConfidences = new ConfidenceValues[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      Prior prior = formula.priors().get(i);
      numbers[i] = prior.values().getValues(context, null);
      numberConfidences[i] = ConfidenceValues.of(prior.confidence(), context);
    }
    this.upperBounds = new double[count() + 1];
    for (int column = count() - 1; column >= 0; column--) {
      upperBounds[column] = upperBounds[column + 1] + columnUpperBound(column);
    }
  }

  private static SegmentSignals signals(
      LeafReaderContext context, Affinity affinity, Precision precision) throws IOException {
    ExactVectors exact =
        ExactVectors.of(context.reader(), affinity.field(), affinity.space(), affinity.targets());
    if (exact == null || precision == Precision.EXACT) {
      return exact;
    }
    CodeSignals coded =
        CodeSignals.of(context.reader(), affinity.field(), affinity.space(), affinity.targets());
    return coded == null ? exact : coded;
  }

  private double columnUpperBound(int column) {
    if (column < numbers.length) {
      return formula.priors().get(column).upperBound();
    }
    int i = column - numbers.length;
    Affinity affinity = formula.affinities().get(i);
    return vectors[i] == null ? affinity.mostWeight() * affinity.missing() : affinity.upperBound();
  }

  BlendFormula formula() {
    return formula;
  }

  /** How many parts there are. */
  int count() {
    return vectors.length + numbers.length;
  }

  /** The column of a part, counted in the order of {@link #sum}: cheap parts come first. */
  int column(int part) {
    return part < vectors.length ? numbers.length + part : part - vectors.length;
  }

  /** The most that the parts from {@code column} on add to any document of this segment. */
  double upperBound(int column) {
    return upperBounds[column];
  }

  /** What the part of a column adds to the first {@code count} of some documents. */
  void values(int column, int[] docs, int count, double[] values) throws IOException {
    if (column < numbers.length) {
      for (int i = 0; i < count; i++) {
        values[i] = number(column, docs[i]);
      }
      return;
    }
    int i = column - numbers.length;
    Affinity affinity = formula.affinities().get(i);
    long found =
        vectors[i] == null || affinity.mostWeight() == 0
            ? 0
            : vectors[i].signals(docs, count, signals);
    for (int d = 0; d < count; d++) {
      double weight = affinity.weight() * vectorConfidences[i].share(docs[d]);
      boolean has = (found >>> d & 1) != 0;
      values[d] = weight > 0 ? weight * (has ? affinity.value(signals[d]) : affinity.missing()) : 0;
    }
  }

  private double number(int i, int doc) throws IOException {
    Prior prior = formula.priors().get(i);
    double weight = prior.weight() * numberConfidences[i].share(doc);
    if (!(weight > 0)) {
      return 0;
    }
    return weight
        * (hasNumber(i, doc) ? prior.function().apply(numbers[i].doubleValue()) : prior.missing());
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
      sum += number(i, doc);
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
                + signal
                + vectors[i].nearest();
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
