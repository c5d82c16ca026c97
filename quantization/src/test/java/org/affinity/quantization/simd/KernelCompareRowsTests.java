/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.Test;

/** Comparisons of rows, against those of arrays: the same bits. */
public class KernelCompareRowsTests extends RandomizedTest {

  private static final int ROWS = 70;

  @Test
  public void testEveryDimension() {
    for (int dimension = 1; dimension <= 70; dimension++) {
      check(dimension, 1);
    }
    for (int dimension : new int[] {100, 384, 768, 4096}) {
      check(dimension, 1);
    }
  }

  @Test
  public void testTinyAndHuge() {
    for (float length : new float[] {1e-30f, 1e-20f, 1e20f, 3e38f}) {
      check(19, length);
    }
  }

  @Test
  public void testZeroVectors() {
    check(16, 0);
  }

  @Test
  public void testBoundsAreChecked() {
    MemorySegment rows = Arena.ofAuto().allocate(64);
    for (Kernels kernels : KernelSelection.usable()) {
      for (int number : new int[] {-1, 4, Integer.MAX_VALUE}) {
        assertThrows(
            IndexOutOfBoundsException.class,
            () ->
                kernels.compareRows(
                    RowComparison.DOT,
                    new float[4],
                    rows,
                    new int[] {0, number},
                    2,
                    new float[2],
                    new float[4]));
      }
      assertThrows(
          IllegalArgumentException.class,
          () ->
              kernels.compareRows(
                  RowComparison.DOT,
                  new float[4],
                  rows,
                  new int[1],
                  1,
                  new float[1],
                  new float[3]));
    }
  }

  private static void check(int dimension, float length) {
    float[] query = vector(dimension, length);
    float[][] vectors = new float[ROWS][];
    byte[] bytes = new byte[ROWS * dimension * Float.BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < ROWS; row++) {
      vectors[row] = vector(dimension, length);
      for (float value : vectors[row]) {
        buffer.putFloat(value);
      }
    }
    int count = randomIntBetween(0, ROWS);
    int[] numbers = new int[ROWS];
    for (int i = 0; i < count; i++) {
      numbers[i] = randomIntBetween(0, ROWS - 1);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment heap = MemorySegment.ofArray(bytes);
      MemorySegment off = arena.allocate(bytes.length).copyFrom(heap);
      for (MemorySegment rows : new MemorySegment[] {heap, off}) {
        for (RowComparison what : RowComparison.values()) {
          for (Kernels kernels : KernelSelection.usable()) {
            float[] out = new float[ROWS];
            kernels.compareRows(what, query, rows, numbers, count, out, new float[dimension]);
            for (int i = 0; i < count; i++) {
              assertEquals(
                  kernels.name() + ", " + what + ", dimension " + dimension + ", at " + i,
                  Float.floatToIntBits(what.of(query, vectors[numbers[i]])),
                  Float.floatToIntBits(out[i]));
            }
          }
        }
      }
    }
  }

  private static float[] vector(int dimension, float length) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = length * (2 * getRandom().nextFloat() - 1);
    }
    return vector;
  }
}
