/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertThrows;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import org.junit.Test;

/** Values to bytes on a scale, against the definition. */
public class KernelBytesTests extends RandomizedTest {

  private static final float[] UNUSUAL = {
    Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f, Float.MIN_VALUE, 1e38f, -1e38f
  };

  @Test
  public void testEveryLength() {
    for (int count = 0; count < 300; count++) {
      int offset = randomIntBetween(0, 9);
      int bytesOffset = randomIntBetween(0, 9);
      float[] values = new float[offset + count + randomIntBetween(0, 3)];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            rarely()
                ? UNUSUAL[randomIntBetween(0, UNUSUAL.length - 1)]
                : (float) (100 * getRandom().nextGaussian());
      }
      float low = (float) (50 * getRandom().nextGaussian());
      float perStep = randomBoolean() ? 1 : (float) Math.exp(10 * getRandom().nextGaussian());
      int largest = randomBoolean() ? 255 : randomIntBetween(1, 255);
      byte[] start = new byte[bytesOffset + count + randomIntBetween(0, 70)];
      getRandom().nextBytes(start);
      byte[] expected = start.clone();
      for (int i = 0; i < count; i++) {
        float step = (values[offset + i] - low) * perStep + 0.5f;
        int entry = Float.isNaN(step) || step < 0 ? 0 : step > largest ? largest : (int) step;
        expected[bytesOffset + i] = (byte) entry;
      }
      for (Kernels kernels : KernelSelection.usable()) {
        byte[] bytes = start.clone();
        kernels.toBytes(values, offset, count, low, perStep, largest, bytes, bytesOffset);
        assertArrayEquals(kernels.name() + ", " + count + " values", expected, bytes);
      }
    }
  }

  @Test
  public void testBest() {
    byte[] bytes = new byte[4];
    KernelSelection.best().toBytes(new float[] {0, 1, 2, 300}, 0, 4, 1, 2, 200, bytes, 0);
    assertArrayEquals(new byte[] {0, 0, 2, (byte) 200}, bytes);
  }

  @Test
  public void testBounds() {
    for (Kernels kernels : KernelSelection.usable()) {
      float[] values = new float[20];
      byte[] bytes = new byte[20];
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> kernels.toBytes(values, 1, 20, 0, 1, 255, bytes, 0));
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> kernels.toBytes(values, 0, 20, 0, 1, 255, bytes, 1));
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> kernels.toBytes(values, -1, 2, 0, 1, 255, bytes, 0));
    }
  }
}
