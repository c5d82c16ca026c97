/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

/**
 * A fixed monotone map from a raw signal to a part of a blended score. All but {@link Identity} end
 * in [0, 1], whatever the signal, so no part can drown the others and no score depends on what else
 * was found. Immutable.
 */
public sealed interface ScoreFunction {

  /** Maps a signal. */
  double apply(double signal);

  /** The largest value there can be. */
  default double upperBound() {
    return 1;
  }

  /**
   * A signal below which {@link #apply} stays below {@code value}, for pruning: at most the exact
   * inverse, so that rounding never prunes too much; 0 prunes nothing.
   */
  default double signalFor(double value) {
    return 0;
  }

  /** Whether of two signals above 0 the larger one always has the larger value. */
  default boolean neverStopsRising() {
    return false;
  }

  /** The formula with its parameters, for explanations. */
  String formula();

  /** {@code x / (x + pivot)}: half at the pivot; 0 for a negative signal. */
  record Saturation(double pivot) implements ScoreFunction {
    public Saturation {
      requirePositive("pivot", pivot);
    }

    @Override
    public double apply(double signal) {
      return signal <= 0 ? 0 : signal == Double.POSITIVE_INFINITY ? 1 : signal / (signal + pivot);
    }

    @Override
    public double signalFor(double value) {
      return value >= 1 ? 0 : SLACK * pivot * value / (1 - value);
    }

    @Override
    public boolean neverStopsRising() {
      return true;
    }

    @Override
    public String formula() {
      return "x / (x + " + pivot + ")";
    }
  }

  /**
   * {@link Saturation} whose pivot is made of the query's own term statistics; it must be bound to
   * a searcher before it can map anything. See {@link AutoPivot}.
   */
  record AutoSaturation() implements ScoreFunction {
    @Override
    public double apply(double signal) {
      throw new IllegalStateException("the automatic pivot is known only to a searcher");
    }

    @Override
    public boolean neverStopsRising() {
      return true;
    }

    @Override
    public String formula() {
      return "x / (x + auto pivot)";
    }
  }

  /** {@code 1 / (1 + exp(-scale · x))}: half at 0. */
  record Sigmoid(double scale) implements ScoreFunction {
    public Sigmoid {
      requirePositive("scale", scale);
    }

    @Override
    public double apply(double signal) {
      return 1 / (1 + Math.exp(-scale * signal));
    }

    @Override
    public boolean neverStopsRising() {
      return true;
    }

    @Override
    public String formula() {
      return "1 / (1 + exp(-" + scale + " * x))";
    }
  }

  /** {@code x / max}, cut off at 0 and 1. */
  record Linear(double max) implements ScoreFunction {
    public Linear {
      requirePositive("max", max);
    }

    @Override
    public double apply(double signal) {
      return Math.min(1, Math.max(0, signal / max));
    }

    @Override
    public double signalFor(double value) {
      return value > 1 ? 0 : SLACK * value * max;
    }

    @Override
    public String formula() {
      return "min(1, x / " + max + ")";
    }
  }

  /** {@code ln(1 + x) / ln(1 + max)}, cut off at 0 and 1. */
  record Log(double max) implements ScoreFunction {
    public Log {
      requirePositive("max", max);
    }

    @Override
    public double apply(double signal) {
      return signal <= 0 ? 0 : Math.min(1, Math.log1p(signal) / Math.log1p(max));
    }

    @Override
    public double signalFor(double value) {
      return value > 1 ? 0 : SLACK * Math.expm1(SLACK * value * Math.log1p(max));
    }

    @Override
    public String formula() {
      return "min(1, ln(1 + x) / ln(1 + " + max + "))";
    }
  }

  /** {@code (1 + x) / 2}, cut off at 0 and 1: the map of a cosine. */
  record Rescale() implements ScoreFunction {
    @Override
    public double apply(double signal) {
      return Math.min(1, Math.max(0, (1 + signal) / 2));
    }

    @Override
    public String formula() {
      return "(1 + x) / 2";
    }
  }

  /** {@code 1 / (1 + x)} of a distance: 1 at 0, falling. */
  record Inverse() implements ScoreFunction {
    @Override
    public double apply(double signal) {
      return 1 / (1 + Math.max(0, signal));
    }

    @Override
    public String formula() {
      return "1 / (1 + x)";
    }
  }

  /**
   * Falls from 1 at the origin: {@code d = max(0, |x - origin| - offset) / scale}, mapped by a
   * {@link Curve} that has the value {@code decay} where d is 1. Monotone in d.
   *
   * @param decay above 0 and below 1
   * @param offset from 0
   */
  record Decay(Curve curve, double origin, double scale, double offset, double decay)
      implements ScoreFunction {

    public Decay {
      requirePositive("scale", scale);
      if (!Double.isFinite(origin)) {
        throw new IllegalArgumentException(
            "[origin] must be a finite number, got [" + origin + "]");
      }
      if (!(offset >= 0) || Double.isInfinite(offset)) {
        throw new IllegalArgumentException(
            "[offset] must be a finite number from 0, got [" + offset + "]");
      }
      if (!(decay > 0 && decay < 1)) {
        throw new IllegalArgumentException(
            "[decay] must be a number above 0 and below 1, got [" + decay + "]");
      }
    }

    /** The shape of the fall, in steps of the scale. */
    public enum Curve {
      /** {@code decay^(d²)}. */
      GAUSS {
        @Override
        double at(double distance, double decay) {
          return Math.exp(Math.log(decay) * distance * distance);
        }

        @Override
        String formula(String distance, double decay) {
          return decay + "^((" + distance + ")^2)";
        }
      },
      /** {@code decay^d}. */
      EXP {
        @Override
        double at(double distance, double decay) {
          return Math.exp(Math.log(decay) * distance);
        }

        @Override
        String formula(String distance, double decay) {
          return decay + "^(" + distance + ")";
        }
      },
      /** {@code max(0, 1 - (1 - decay) · d)}. */
      LINEAR {
        @Override
        double at(double distance, double decay) {
          return Math.max(0, 1 - (1 - decay) * distance);
        }

        @Override
        String formula(String distance, double decay) {
          return "max(0, 1 - (1 - " + decay + ") * " + distance + ")";
        }
      };

      abstract double at(double distance, double decay);

      abstract String formula(String distance, double decay);
    }

    @Override
    public double apply(double signal) {
      return curve.at(Math.max(0, Math.abs(signal - origin) - offset) / scale, decay);
    }

    @Override
    public String formula() {
      return curve.formula("max(0, |x - " + origin + "| - " + offset + ") / " + scale, decay);
    }
  }

  /** {@code x} itself, unbounded; 0 for a negative signal. */
  record Identity() implements ScoreFunction {
    @Override
    public double apply(double signal) {
      return Math.max(0, signal);
    }

    @Override
    public double upperBound() {
      return Double.POSITIVE_INFINITY;
    }

    @Override
    public double signalFor(double value) {
      return SLACK * value;
    }

    @Override
    public boolean neverStopsRising() {
      return true;
    }

    @Override
    public String formula() {
      return "x";
    }
  }

  /** Keeps {@link #signalFor} below the exact inverse in spite of rounding. */
  double SLACK = 1 - 1e-6;

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "[" + name + "] must be a finite number above 0, got [" + value + "]");
    }
  }
}
