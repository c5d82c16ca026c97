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
          new ScoreFunction.Inverse());

  public void testStaysBetweenZeroAndOneForAnySignal() {
    for (ScoreFunction function : BOUNDED) {
      for (double signal :
          new double[] {
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
      int direction = function instanceof ScoreFunction.Inverse ? -1 : 1;
      for (int i = 0; i < 200; i++) {
        double a = random().nextGaussian() * 20;
        double b = a + random().nextDouble() * 5;
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
    }
  }
}
