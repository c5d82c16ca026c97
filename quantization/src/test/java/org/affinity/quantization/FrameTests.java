/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import java.util.List;
import org.junit.Test;

public class FrameTests extends RandomizedTest {

  private static Frame randomFrame(Metric metric, List<float[]> sample) {
    Frame frame = Frame.centred(metric, sample);
    int dimension = frame.dimension();
    return randomBoolean()
        ? frame
        : frame.turned(
            Rotation.Axes.of(sample)
                .balanced(new PqParameters(dimension, randomIntBetween(1, dimension))));
  }

  @Test
  public void testCentredCoordinatesAddUpToZero() {
    for (Metric metric : Metric.values()) {
      List<float[]> sample = TestVectors.shifted(TestVectors.gaussians(getRandom(), 12, 200), 3);
      Frame frame = randomFrame(metric, sample);
      double[] sums = new double[12];
      float[] y = new float[12];
      for (float[] vector : sample) {
        frame.projector().vector(vector, y);
        for (int d = 0; d < 12; d++) {
          sums[d] += y[d];
        }
      }
      assertArrayEquals(new double[12], sums, 1e-2);
    }
  }

  @Test
  public void testRestoreUndoesTheProjection() {
    for (Metric metric : Metric.values()) {
      List<float[]> sample = TestVectors.gaussians(getRandom(), 12, 50);
      Frame frame = randomFrame(metric, sample);
      float[] y = new float[12];
      float[] x = new float[12];
      for (float[] vector : sample) {
        frame.projector().vector(vector, y);
        frame.restore(y, x);
        float[] expected = metric == Metric.COSINE ? VectorMath.normalized(vector) : vector;
        assertArrayEquals(expected, x, 1e-5f);
      }
    }
  }

  @Test
  public void testProductsWithAQueryAreThoseOfTheVectors() {
    for (Metric metric : Metric.values()) {
      List<float[]> sample = TestVectors.gaussians(getRandom(), 12, 50);
      Frame frame = randomFrame(metric, sample);
      float[] q = new float[12];
      float[] y = new float[12];
      float base = frame.projector().query(sample.get(0), q);
      frame.projector().vector(sample.get(1), y);
      double expected =
          metric == Metric.COSINE
              ? VectorMath.cosine(sample.get(0), sample.get(1))
              : TestVectors.dot(sample.get(0), sample.get(1));
      assertEquals(expected, base + TestVectors.dot(q, y), 1e-4);
    }
  }

  @Test
  public void testDirectionsHaveNoMean() {
    assertArrayEquals(new float[5], Frame.ofDirections(5).mean(), 0);
    assertEquals(Metric.INNER_PRODUCT, Frame.ofDirections(5).metric());
  }

  @Test
  public void testEquality() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 4, 20);
    Frame frame = Frame.centred(Metric.L2, sample);
    assertEquals(frame, Frame.centred(Metric.L2, sample));
    assertEquals(frame.hashCode(), Frame.centred(Metric.L2, sample).hashCode());
    assertNotEquals(frame, Frame.centred(Metric.INNER_PRODUCT, sample));
    Rotation rotation = Rotation.Axes.of(sample).balanced(new PqParameters(4, 2));
    assertNotEquals(frame, frame.turned(rotation));
    assertNotEquals(frame, Frame.centred(Metric.L2, sample.subList(0, 10)));
  }
}
