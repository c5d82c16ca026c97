/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.util.List;
import org.apache.lucene.tests.util.LuceneTestCase;

public class ScoreFunctionTests extends LuceneTestCase {

  private static final List<ScoreFunction> BOUNDED =
      List.of(
          new ScoreFunction.Saturation(3.5),
          new ScoreFunction.Sigmoid(0.7),
          new ScoreFunction.Linear(8),
          new ScoreFunction.Log(1000),
          new ScoreFunction.Rescale(),
          new ScoreFunction.Inverse(),
          new ScoreFunction.Decay(ScoreFunction.Decay.Curve.GAUSS, 3, 2, 0.5, 0.3),
          new ScoreFunction.Decay(ScoreFunction.Decay.Curve.EXP, -1, 7, 0, 0.5),
          new ScoreFunction.Decay(ScoreFunction.Decay.Curve.LINEAR, 0, 4, 1, 0.9));

  public void testStaysBetweenZeroAndOneForAnySignal() {
    for (ScoreFunction function : BOUNDED) {
      for (double signal :
          new double[] {
            Double.NEGATIVE_INFINITY,
            -Double.MAX_VALUE,
            -1e9,
            -1,
            -0.0,
            0,
            1e-30,
            0.5,
            1,
            7,
            1e9,
            Double.MAX_VALUE,
            Double.POSITIVE_INFINITY
          }) {
        double value = function.apply(signal);
        assertTrue(function + " of " + signal + " is " + value, value >= 0 && value <= 1);
      }
      assertEquals(1, function.upperBound(), 0);
    }
    assertEquals(Double.POSITIVE_INFINITY, new ScoreFunction.Identity().upperBound(), 0);
  }

  public void testIsMonotone() {
    for (ScoreFunction function : BOUNDED) {
      boolean decays = function instanceof ScoreFunction.Decay;
      int direction = decays || function instanceof ScoreFunction.Inverse ? -1 : 1;
      double origin = function instanceof ScoreFunction.Decay decay ? decay.origin() : 0;
      int side = random().nextBoolean() ? 1 : -1;
      for (int i = 0; i < 2000; i++) {
        double a = random().nextGaussian() * 20;
        double b = a + random().nextDouble() * (random().nextBoolean() ? 5 : 1e-9);
        if (decays) { // in the distance from the origin, on either side
          double near = Math.min(Math.abs(a), Math.abs(b));
          double far = Math.max(Math.abs(a), Math.abs(b));
          a = origin + side * near;
          b = origin + side * far;
        }
        assertTrue(
            function + " of " + a + " and " + b,
            direction * function.apply(a) <= direction * function.apply(b));
      }
    }
  }

  public void testSignalForNeverPrunesASignalThatReachesTheValue() {
    for (ScoreFunction function :
        List.of(
            new ScoreFunction.Saturation(3.5),
            new ScoreFunction.Linear(8),
            new ScoreFunction.Log(1000),
            new ScoreFunction.Identity())) {
      for (int i = 0; i < 1000; i++) {
        double signal = Math.exp(random().nextGaussian() * 3);
        double value = function.apply(signal);
        double least = function.signalFor(value);
        assertTrue(function + " at " + signal, least <= signal);
        if (signal < 8) {
          assertEquals("and prunes nearly all of the others", signal, least, 1e-4 * signal);
        }
      }
    }
  }

  public void testRisesWhereItSaysItNeverStops() {
    for (ScoreFunction function :
        List.of(
            new ScoreFunction.Saturation(3.5),
            new ScoreFunction.Identity(),
            new ScoreFunction.Linear(8),
            new ScoreFunction.Log(1000))) {
      boolean rises = true;
      for (int i = 0; i < 1000; i++) {
        double signal = Math.exp(random().nextGaussian() * 3);
        rises &= function.apply(signal) < function.apply(signal * 1.001);
        rises &= function.apply(2000) < function.apply(2001);
      }
      assertEquals(function.toString(), function.neverStopsRising(), rises);
    }
  }

  public void testDecaysAsFunctionScoreDoes() {
    for (int i = 0; i < 200; i++) {
      double origin = random().nextGaussian() * 10;
      double scale = 0.1 + random().nextDouble() * 5;
      double offset = random().nextBoolean() ? 0 : random().nextDouble();
      double decay = 0.01 + random().nextDouble() * 0.98;
      double signal = random().nextGaussian() * 10;
      double distance = Math.max(0, Math.abs(signal - origin) - offset);
      double sigma = -scale * scale / (2 * Math.log(decay));
      assertEquals(
          Math.exp(-distance * distance / (2 * sigma)),
          decay(ScoreFunction.Decay.Curve.GAUSS, origin, scale, offset, decay).apply(signal),
          1e-12);
      assertEquals(
          Math.exp(Math.log(decay) / scale * distance),
          decay(ScoreFunction.Decay.Curve.EXP, origin, scale, offset, decay).apply(signal),
          1e-12);
      double length = scale / (1 - decay);
      assertEquals(
          Math.max(0, (length - distance) / length),
          decay(ScoreFunction.Decay.Curve.LINEAR, origin, scale, offset, decay).apply(signal),
          1e-12);
      for (ScoreFunction.Decay.Curve curve : ScoreFunction.Decay.Curve.values()) {
        ScoreFunction function = decay(curve, origin, scale, offset, decay);
        assertEquals(1, function.apply(origin), 0);
        assertEquals(1, function.apply(origin - offset * 0.999), 0);
        assertEquals(decay, function.apply(origin + offset + scale), 1e-12);
      }
    }
  }

  private static ScoreFunction decay(
      ScoreFunction.Decay.Curve curve, double origin, double scale, double offset, double decay) {
    return new ScoreFunction.Decay(curve, origin, scale, offset, decay);
  }

  public void testDocumentedValues() {
    assertEquals(0.5, new ScoreFunction.Saturation(7).apply(7), 0);
    assertEquals(0.5, new ScoreFunction.Sigmoid(3).apply(0), 0);
    assertEquals(0.25, new ScoreFunction.Linear(8).apply(2), 0);
    assertEquals(1, new ScoreFunction.Log(99).apply(99), 0);
    assertEquals(0.75, new ScoreFunction.Rescale().apply(0.5), 0);
    assertEquals(0.2, new ScoreFunction.Inverse().apply(4), 1e-12);
  }

  public void testParametersMustBePositive() {
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      expectThrows(IllegalArgumentException.class, () -> new ScoreFunction.Saturation(bad));
      expectThrows(IllegalArgumentException.class, () -> new ScoreFunction.Sigmoid(bad));
      expectThrows(IllegalArgumentException.class, () -> new ScoreFunction.Linear(bad));
      expectThrows(IllegalArgumentException.class, () -> new ScoreFunction.Log(bad));
      expectThrows(IllegalArgumentException.class, () -> new Confidence.OfReference(1, bad));
      ScoreFunction.Decay.Curve curve = ScoreFunction.Decay.Curve.GAUSS;
      expectThrows(IllegalArgumentException.class, () -> decay(curve, 0, bad, 0, 0.5));
      expectThrows(IllegalArgumentException.class, () -> decay(curve, 0, 1, 0, bad));
      if (bad != 0) {
        expectThrows(IllegalArgumentException.class, () -> decay(curve, 0, 1, bad, 0.5));
      }
      if (!Double.isFinite(bad)) {
        expectThrows(IllegalArgumentException.class, () -> decay(curve, bad, 1, 0, 0.5));
      }
    }
    expectThrows(
        IllegalArgumentException.class, () -> decay(ScoreFunction.Decay.Curve.EXP, 0, 1, 0, 1));
  }
}
