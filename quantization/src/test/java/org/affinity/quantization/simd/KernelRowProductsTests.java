/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import org.junit.Test;

/** Sums of multiples of rows, against the definition. */
public class KernelRowProductsTests extends RandomizedTest {

  private static float[] values(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) getRandom().nextGaussian();
    }
    return values;
  }

  private static void check(int width, int count) {
    int xOffset = randomIntBetween(0, 17);
    int rowsOffset = randomIntBetween(0, 17);
    int sumsOffset = randomIntBetween(0, 17);
    float[] x = values(xOffset + count + randomIntBetween(0, 3));
    float[] rows = values(rowsOffset + count * width + randomIntBetween(0, 3));
    float[] start = values(sumsOffset + width + randomIntBetween(0, 20));
    float[] expected = start.clone();
    for (int c = 0; c < width; c++) {
      for (int d = 0; d < count; d++) {
        expected[sumsOffset + c] += x[xOffset + d] * rows[rowsOffset + d * width + c];
      }
    }
    for (Kernels kernels : KernelSelection.usable()) {
      float[] sums = start.clone();
      kernels.addProducts(x, xOffset, count, rows, rowsOffset, width, sums, sumsOffset);
      for (int i = 0; i < sums.length; i++) {
        assertEquals(
            kernels.name() + ", width " + width + ", " + count + " rows, at " + i,
            Float.floatToRawIntBits(expected[i]),
            Float.floatToRawIntBits(sums[i]));
      }
    }
  }

  @Test
  public void testEveryWidth() {
    for (int width = 1; width <= 200; width++) {
      check(width, randomIntBetween(0, 40));
      check(width, randomIntBetween(1, 4));
    }
  }

  @Test
  public void testEveryCount() {
    for (int count = 0; count <= 40; count++) {
      check(randomIntBetween(1, 200), count);
      check(64, count);
    }
  }

  @Test
  public void testEveryOffset() {
    float[] x = values(30);
    float[] rows = values(30 + 8 * 37);
    for (int offset = 0; offset < 20; offset++) {
      float[] expected = values(60);
      float[] start = expected.clone();
      for (int c = 0; c < 37; c++) {
        for (int d = 0; d < 8; d++) {
          expected[offset + c] += x[19 - offset + d] * rows[offset + d * 37 + c];
        }
      }
      for (Kernels kernels : KernelSelection.usable()) {
        float[] sums = start.clone();
        kernels.addProducts(x, 19 - offset, 8, rows, offset, 37, sums, offset);
        assertArrayEquals(kernels.name(), expected, sums, 0);
      }
    }
  }

  @Test
  public void testNoRowsLeaveTheSums() {
    for (Kernels kernels : KernelSelection.usable()) {
      float[] sums = values(50);
      float[] before = sums.clone();
      kernels.addProducts(new float[0], 0, 0, new float[0], 0, 50, sums, 0);
      assertArrayEquals(before, sums, 0);
    }
  }

  @Test
  public void testBest() {
    float[] sums = {1, 2};
    KernelSelection.best()
        .addProducts(new float[] {3, 5}, 0, 2, new float[] {1, 2, 3, 4}, 0, 2, sums, 0);
    assertArrayEquals(new float[] {19, 28}, sums, 0);
  }

  @Test
  public void testBounds() {
    for (int width : new int[] {1, 16, 33, 100}) {
      for (Kernels kernels : KernelSelection.usable()) {
        checkBounds(kernels, width, 1, 3, 0, 3 * width, 0, width);
        checkBounds(kernels, width, -1, 3, 0, 3 * width, 0, width);
        checkBounds(kernels, width, 0, 2, 0, 3 * width, 0, width);
        checkBounds(kernels, width, 0, 3, 1, 3 * width, 0, width);
        checkBounds(kernels, width, 0, 3, -1, 3 * width, 0, width);
        checkBounds(kernels, width, 0, 3, 0, 3 * width - 1, 0, width);
        checkBounds(kernels, width, 0, 3, 0, 3 * width, 1, width);
        checkBounds(kernels, width, 0, 3, 0, 3 * width, -1, width);
        checkBounds(kernels, width, 0, 3, 0, 3 * width, 0, width - 1);
      }
    }
  }

  /** Checks that three rows of arrays of these offsets and lengths are refused. */
  private static void checkBounds(
      Kernels kernels,
      int width,
      int xOffset,
      int xLength,
      int rowsOffset,
      int rowsLength,
      int sumsOffset,
      int sumsLength) {
    float[] x = new float[xLength];
    float[] rows = new float[rowsLength];
    float[] sums = new float[sumsLength];
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> kernels.addProducts(x, xOffset, 3, rows, rowsOffset, width, sums, sumsOffset));
  }

  @Test
  public void testHugeCountsAreOutOfBounds() {
    for (Kernels kernels : KernelSelection.usable()) {
      assertThrows(
          IndexOutOfBoundsException.class,
          () ->
              kernels.addProducts(
                  new float[1 << 16],
                  0,
                  1 << 16,
                  new float[16],
                  0,
                  1 << 16,
                  new float[1 << 16],
                  0));
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> kernels.addProducts(new float[4], 0, -1, new float[4], 0, 2, new float[2], 0));
    }
  }
}
