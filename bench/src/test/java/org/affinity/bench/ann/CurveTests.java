/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.affinity.bench.report.Numbers;
import org.junit.Test;

public class CurveTests {

  @Test
  public void testBetweenPointsSpeedIsLogLinearInRecall() {
    Curve curve = Curve.of(List.of(point(Form.PLAIN, 0.9, 1000), point(Form.PLAIN, 1, 10)));
    assertEquals(1000, curve.at(0.9), 1e-9);
    assertEquals(100, curve.at(0.95), 1e-6);
    assertEquals(10, curve.at(1), 1e-9);
  }

  @Test
  public void testBelowTheLowestRecallNothingIsInvented() {
    Curve curve = Curve.of(List.of(point(Form.PLAIN, 0.97, 500), point(Form.PLAIN, 0.99, 200)));
    assertEquals(500, curve.at(0.5), 0);
    assertTrue(Double.isNaN(curve.at(0.995)));
    assertEquals(0.99, curve.bestRecall(), 0);
  }

  @Test
  public void testBeatenPointsDoNotCount() {
    Curve curve =
        Curve.of(
            List.of(
                point(Form.PLAIN, 0.9, 300),
                point(Form.PLAIN, 0.95, 400),
                point(Form.PLAIN, 0.99, 100)));
    assertEquals(400, curve.at(0.9), 0);
    assertEquals(2, curve.points().size());
  }

  @Test
  public void testTheBetterFormCountsAtEachRecall() {
    Curve curve =
        Curve.of(
            List.of(
                point(Form.PLAIN, 0.9, 1000),
                point(Form.PLAIN, 0.99, 100),
                point(Form.NEAREST, 0.9, 800),
                point(Form.NEAREST, 0.99, 200)));
    assertEquals(1000, curve.at(0.9), 1e-9);
    assertEquals(200, curve.at(0.99), 1e-9);
    assertEquals(Form.NEAREST, curve.points().get(curve.points().size() - 1).form());
  }

  @Test
  public void testExponents() {
    double[] x = {1e5, 1e6, 1e7};
    assertEquals(0.5, Numbers.exponent(x, new double[] {10, 31.6227766, 100}), 1e-6);
    assertEquals(0, Numbers.exponent(x, new double[] {7, 7, 7}), 1e-9);
    assertTrue(Double.isNaN(Numbers.exponent(new double[] {1}, new double[] {1})));
  }

  static AnnResult.Point point(Form form, double recall, double rate) {
    return new AnnResult.Point("d", "c", form, null, 10, 50, recall, 10, rate, rate, null, 1, 1, 1);
  }
}
