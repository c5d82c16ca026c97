/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import java.util.Arrays;
import org.junit.Test;

public class SymmetricEigenTests extends RandomizedTest {

  private static final double PRECISION = 1e-9;

  /** Checks A·v = λ·v and that all v are orthonormal; returns the values in order. */
  private static double[] check(double[][] matrix) {
    int n = matrix.length;
    double[][] copy = new double[n][];
    Arrays.setAll(copy, i -> matrix[i].clone());
    SymmetricEigen eigen = new SymmetricEigen(copy);
    double size = 0;
    for (double[] row : matrix) {
      for (double value : row) {
        size += value * value;
      }
    }
    size = Math.sqrt(size);
    for (int i = 0; i < n; i++) {
      double[] v = eigen.vectors()[i];
      for (int row = 0; row < n; row++) {
        double product = dot(matrix[row], v);
        assertEquals(eigen.values()[i] * v[row], product, PRECISION * size);
      }
      for (int j = 0; j <= i; j++) {
        assertEquals(i == j ? 1 : 0, dot(v, eigen.vectors()[j]), PRECISION);
      }
    }
    double[] values = eigen.values().clone();
    Arrays.sort(values);
    return values;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Σ of {@code rank} squares of random vectors, times their sign. */
  private static double[][] ofRank(int n, int rank, boolean indefinite, double scale) {
    double[][] matrix = new double[n][n];
    for (int r = 0; r < rank; r++) {
      double sign = indefinite && randomBoolean() ? -scale : scale;
      double[] v = new double[n];
      Arrays.setAll(v, i -> getRandom().nextGaussian());
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          matrix[i][j] += sign * (v[i] * v[j]);
        }
      }
    }
    return matrix;
  }

  @Test
  public void testRandomSymmetric() {
    for (int i = 0; i < 40; i++) {
      int n = randomIntBetween(1, 60);
      check(ofRank(n, n, true, 1));
    }
    check(ofRank(120, 150, true, 1));
  }

  @Test
  public void testRankDeficient() {
    for (int i = 0; i < 300; i++) {
      int n = randomIntBetween(2, 80);
      int rank = randomIntBetween(1, n - 1);
      double[] values = check(ofRank(n, rank, false, 1));
      for (int zero = 0; zero < n - rank; zero++) {
        assertEquals(0, values[zero], PRECISION * values[n - 1]);
      }
    }
  }

  @Test
  public void testHugeAndTinyMatrices() {
    for (double scale : new double[] {1e-60, 1e-30, 1e30, 1e60}) {
      int n = randomIntBetween(1, 40);
      check(ofRank(n, randomIntBetween(1, n), true, scale));
    }
  }

  @Test
  public void testVariancesOverManyDecades() {
    for (int i = 0; i < 20; i++) {
      int n = randomIntBetween(2, 60);
      double[][] matrix = ofRank(n, n + 5, false, 1);
      double[] scale = new double[n];
      Arrays.setAll(scale, d -> Math.pow(10, -12 * getRandom().nextDouble()));
      for (int row = 0; row < n; row++) {
        for (int column = 0; column < n; column++) {
          matrix[row][column] *= scale[row] * scale[column];
        }
      }
      check(matrix);
    }
  }

  @Test
  public void testDiagonal() {
    int n = randomIntBetween(1, 40);
    double[][] matrix = new double[n][n];
    double[] expected = new double[n];
    for (int i = 0; i < n; i++) {
      expected[i] = getRandom().nextGaussian();
      matrix[i][i] = expected[i];
    }
    Arrays.sort(expected);
    assertArrayEquals(expected, check(matrix), 0);
  }

  @Test
  public void testZero() {
    int n = randomIntBetween(1, 40);
    assertArrayEquals(new double[n], check(new double[n][n]), 0);
  }

  @Test
  public void testOneByOne() {
    assertArrayEquals(new double[] {-7}, check(new double[][] {{-7}}), 0);
  }

  @Test
  public void testTwoByTwo() {
    assertArrayEquals(new double[] {1, 3}, check(new double[][] {{2, 1}, {1, 2}}), 1e-12);
  }

  @Test
  public void testRepeatedValues() {
    int n = randomIntBetween(3, 60);
    double[] v = new double[n];
    Arrays.setAll(v, i -> getRandom().nextGaussian());
    double square = dot(v, v);
    double[][] matrix = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        matrix[i][j] = (i == j ? 5 : 0) - 8 * v[i] * v[j] / square;
      }
    }
    // A multiple of the identity but for one direction.
    double[] values = check(matrix);
    assertEquals(-3, values[0], PRECISION);
    for (int i = 1; i < n; i++) {
      assertEquals(5, values[i], PRECISION);
    }
  }

  @Test
  public void testBlocksApart() {
    double[][] matrix = new double[20][20];
    double[][] upper = ofRank(8, 8, true, 1);
    double[][] lower = ofRank(9, 4, true, 1e-3);
    for (int i = 0; i < 8; i++) {
      System.arraycopy(upper[i], 0, matrix[i], 0, 8);
    }
    for (int i = 0; i < 9; i++) {
      System.arraycopy(lower[i], 0, matrix[11 + i], 11, 9);
    }
    check(matrix);
  }
}
