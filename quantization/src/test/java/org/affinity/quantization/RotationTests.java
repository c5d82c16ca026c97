/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static org.affinity.quantization.TestQuantizers.assertRefused;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

public class RotationTests extends RandomizedTest {

  private static float[] applied(Rotation rotation, float[] x) {
    float[] y = new float[x.length];
    rotation.apply(x, y, new float[rotation.block()]);
    return y;
  }

  private static void checkOrthogonal(Rotation rotation, int dimension) {
    for (int i = 0; i < 5; i++) {
      float[] a = TestVectors.gaussian(getRandom(), dimension);
      float[] b = TestVectors.gaussian(getRandom(), dimension);
      float[] turnedA = applied(rotation, a);
      float[] turnedB = applied(rotation, b);
      double size = TestVectors.norm(a) * TestVectors.norm(b);
      assertEquals(TestVectors.norm(a), TestVectors.norm(turnedA), 1e-5 * TestVectors.norm(a));
      assertEquals(TestVectors.dot(a, b), TestVectors.dot(turnedA, turnedB), 1e-5 * size);
      float[] back = new float[dimension];
      rotation.invert(turnedA, back);
      assertArrayEquals(a, back, 1e-4f);
    }
  }

  @Test
  public void testKeepsInnerProductsAndInverts() {
    for (int i = 0; i < 30; i++) {
      int dimension = randomIntBetween(1, 100);
      PqParameters split = new PqParameters(dimension, randomIntBetween(1, dimension));
      List<float[]> sample =
          TestVectors.gaussians(getRandom(), dimension, randomIntBetween(1, 2 * dimension));
      checkOrthogonal(Rotation.Axes.of(sample).balanced(split), dimension);
    }
  }

  @Test
  public void testSampleOfZerosGivesARotation() {
    int dimension = randomIntBetween(1, 30);
    List<float[]> sample = List.of(new float[dimension], new float[dimension]);
    PqParameters split = new PqParameters(dimension, randomIntBetween(1, dimension));
    checkOrthogonal(Rotation.Axes.of(sample).balanced(split), dimension);
  }

  @Test
  public void testLongVectorsAreTurnedBlockByBlock() {
    int dimension = 1100;
    List<float[]> sample = TestVectors.gaussians(getRandom(), dimension, 40);
    Rotation rotation = Rotation.Axes.of(sample).balanced(new PqParameters(dimension, 70));
    assertEquals(Rotation.BLOCK_OF_MANY, rotation.block());
    checkOrthogonal(rotation, dimension);
  }

  /** Correlated values whose variances along hidden axes go over decades. */
  private static List<float[]> anisotropic(int dimension, int count) {
    List<float[]> axes = new ArrayList<>();
    for (int i = 0; i < dimension; i++) {
      float[] axis = TestVectors.gaussian(getRandom(), dimension);
      for (float[] other : axes) {
        double product = TestVectors.dot(axis, other);
        for (int d = 0; d < dimension; d++) {
          axis[d] -= (float) (product * other[d]);
        }
      }
      axes.add(VectorMath.normalized(axis));
    }
    List<float[]> sample = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] vector = new float[dimension];
      for (int a = 0; a < dimension; a++) {
        double value = getRandom().nextGaussian() * Math.pow(10, -2.0 * a / dimension);
        for (int d = 0; d < dimension; d++) {
          vector[d] += (float) (value * axes.get(a)[d]);
        }
      }
      sample.add(vector);
    }
    return sample;
  }

  @Test
  public void testBalancedSubspacesGetTheSameProductOfVariances() {
    List<float[]> sample = anisotropic(32, 2000);
    PqParameters split = new PqParameters(32, 4);
    Rotation rotation = Rotation.Axes.of(sample).balanced(split);
    double[] squares = new double[32];
    for (float[] vector : sample) {
      float[] turned = applied(rotation, vector);
      for (int d = 0; d < 32; d++) {
        squares[d] += turned[d] * turned[d] / 2000.0;
      }
    }
    double lowest = Double.POSITIVE_INFINITY;
    double highest = Double.NEGATIVE_INFINITY;
    for (int s = 0; s < 4; s++) {
      double logarithm = 0;
      for (int d = split.offset(s); d < split.offset(s + 1); d++) {
        logarithm += Math.log(squares[d]);
      }
      lowest = Math.min(lowest, logarithm);
      highest = Math.max(highest, logarithm);
    }
    // Two neighbouring axes differ by a factor of 1.33; dealt out in order it were 10^10.
    assertTrue("factor e^" + (highest - lowest), highest - lowest < 1);
  }

  @Test
  public void testTurnedCoordinatesAreUncorrelated() {
    List<float[]> sample = anisotropic(20, 1000);
    Rotation rotation = Rotation.Axes.of(sample).balanced(new PqParameters(20, 5));
    double[][] products = new double[20][20];
    for (float[] vector : sample) {
      float[] turned = applied(rotation, vector);
      for (int i = 0; i < 20; i++) {
        for (int j = 0; j < 20; j++) {
          products[i][j] += (double) turned[i] * turned[j];
        }
      }
    }
    for (int i = 0; i < 20; i++) {
      for (int j = 0; j < i; j++) {
        double correlation = products[i][j] / Math.sqrt(products[i][i] * products[j][j]);
        assertEquals(0, correlation, 1e-3);
      }
    }
  }

  @Test
  public void testTargetsThatAreNoPermutationAreRefused() {
    float[] identity = {1, 0, 0, 1};
    for (int[] target : new int[][] {{0, 0}, {1, 1}, {0, 2}, {-1, 0}}) {
      assertRefused("no permutation", () -> new Rotation(2, 2, identity, target));
    }
  }

  @Test
  public void testValuesBeyondOneAreRefused() {
    for (float value : new float[] {1.1f, -2, Float.NaN, Float.POSITIVE_INFINITY}) {
      float[] rows = {1, 0, value, 1};
      assertRefused(
          "cannot stand in an orthogonal matrix", () -> new Rotation(2, 2, rows, new int[] {1, 0}));
    }
  }
}
