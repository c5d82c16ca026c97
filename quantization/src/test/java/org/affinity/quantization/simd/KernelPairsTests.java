/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import org.junit.Test;

/** Two vectors, against the definition, bit by bit. */
public class KernelPairsTests extends RandomizedTest {

  private interface Term<T> {
    T of(float a, float b);
  }

  private static float sum(float[] a, float[] b, Term<Float> term) {
    int end = a.length / 16 * 16;
    float[] lanes = new float[16];
    float rest = 0;
    for (int i = 0; i < a.length; i++) {
      if (i < end) {
        lanes[i % 16] += term.of(a[i], b[i]);
      } else {
        rest += term.of(a[i], b[i]);
      }
    }
    for (int width = 16; width > 1; width /= 2) {
      for (int lane = 0; lane < width; lane += 2) {
        lanes[lane / 2] = lanes[lane] + lanes[lane + 1];
      }
    }
    return lanes[0] + rest;
  }

  private static double doubleDot(float[] a, float[] b) {
    int end = a.length / 8 * 8;
    double[] lanes = new double[8];
    double rest = 0;
    for (int i = 0; i < a.length; i++) {
      if (i < end) {
        lanes[i % 8] += (double) a[i] * b[i];
      } else {
        rest += (double) a[i] * b[i];
      }
    }
    for (int width = 8; width > 1; width /= 2) {
      for (int lane = 0; lane < width; lane += 2) {
        lanes[lane / 2] = lanes[lane] + lanes[lane + 1];
      }
    }
    return lanes[0] + rest;
  }

  private static void check(float[] a, float[] b) {
    float dot = sum(a, b, (x, y) -> x * y);
    float distance = sum(a, b, (x, y) -> (x - y) * (x - y));
    double norms = Math.sqrt(doubleDot(a, a)) * Math.sqrt(doubleDot(b, b));
    float cosine = (float) Math.clamp(doubleDot(a, b) / norms, -1.0, 1.0);
    for (Kernels kernels : KernelSelection.usable()) {
      String what = kernels.name() + ", dimension " + a.length;
      same(what, dot, kernels.dot(a, b));
      same(what, distance, kernels.squareDistance(a, b));
      same(what, cosine, kernels.cosine(a, b));
    }
  }

  private static void same(String what, float expected, float actual) {
    assertEquals(what, Float.floatToIntBits(expected), Float.floatToIntBits(actual));
  }

  private static float[] values(int length, double scale) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (getRandom().nextGaussian() * scale);
    }
    return values;
  }

  @Test
  public void testEveryDimension() {
    for (int dimension = 0; dimension <= 200; dimension++) {
      check(values(dimension, 1), values(dimension, 1));
      check(values(dimension, 1e-3), values(dimension, 1e4));
    }
    check(values(1536, 1), values(1536, 1));
  }

  @Test
  public void testValuesThatAreNoOrdinaryNumbers() {
    float[] odd = {
      0, -0f, Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN
    };
    for (int dimension = 1; dimension < 70; dimension++) {
      float[] a = values(dimension, 1);
      float[] b = values(dimension, 1);
      a[getRandom().nextInt(dimension)] = odd[getRandom().nextInt(odd.length)];
      b[getRandom().nextInt(dimension)] = odd[getRandom().nextInt(odd.length)];
      check(a, b);
      check(new float[dimension], b);
    }
  }

  @Test
  public void testSameBitsColdAndWarm() {
    float[] a = values(199, 1);
    float[] b = values(199, 1);
    for (Kernels kernels : KernelSelection.usable()) {
      float dot = kernels.dot(a, b);
      float distance = kernels.squareDistance(a, b);
      float cosine = kernels.cosine(a, b);
      for (int i = 0; i < 30_000; i++) {
        same(kernels.name(), dot, kernels.dot(a, b));
        same(kernels.name(), distance, kernels.squareDistance(a, b));
        same(kernels.name(), cosine, kernels.cosine(a, b));
      }
    }
  }

  @Test
  public void testLengthsMustAgree() {
    for (Kernels kernels : KernelSelection.usable()) {
      assertThrows(IllegalArgumentException.class, () -> kernels.dot(new float[2], new float[3]));
      assertThrows(
          IllegalArgumentException.class, () -> kernels.squareDistance(new float[3], new float[2]));
      assertThrows(
          IllegalArgumentException.class, () -> kernels.cosine(new float[16], new float[3]));
    }
  }
}
