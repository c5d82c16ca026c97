/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.Test;

/** Random access against sums taken code by code in the order the contract names. */
public class KernelSumTests extends RandomizedTest {

  @Test
  public void testSums() {
    for (int bits : new int[] {4, 6, 8}) {
      for (int m = 1; m <= 130; m++) {
        check(bits, m);
      }
    }
  }

  private static void check(int bits, int m) {
    int length = BlockLayout.codeLength(m, bits);
    int offset = randomIntBetween(0, 9);
    // The last record ends where the memory ends.
    byte[] codes = new byte[offset + 4 * length];
    float[] table = new float[m << bits];
    for (int i = 0; i < table.length; i++) {
      table[i] = (float) getRandom().nextGaussian();
    }
    for (int r = 0; r < 4; r++) {
      for (int s = 0; s < m; s++) {
        int centroid = randomIntBetween(0, (1 << bits) - 1);
        BlockLayout.setCentroid(codes, offset + r * length, bits, s, centroid);
      }
    }
    int[] offsets = {offset, offset + length, offset + 2 * length, offset + 3 * length};
    float[] expected = new float[4];
    for (int r = 0; r < 4; r++) {
      float[] a = new float[4];
      for (int s = 0; s < m; s++) {
        a[s % 4] += table[(s << bits) + BlockLayout.centroid(codes, offsets[r], bits, s)];
      }
      expected[r] = (a[0] + a[1]) + (a[2] + a[3]);
    }
    MemorySegment heap = MemorySegment.ofArray(codes);
    MemorySegment offHeap = Arena.ofAuto().allocate(codes.length);
    MemorySegment.copy(codes, 0, offHeap, ValueLayout.JAVA_BYTE, 0, codes.length);
    float[] out = new float[7];
    for (Kernels kernels : KernelSelection.usable()) {
      kernels.sum4(bits, table, codes, offsets[0], offsets[1], offsets[2], offsets[3], m, out, 2);
      for (int r = 0; r < 4; r++) {
        assertEquals(expected[r], kernels.sum(bits, table, codes, offsets[r], m), 0);
        assertEquals(expected[r], out[2 + r], 0);
      }
      for (MemorySegment segment : List.of(heap, offHeap)) {
        kernels.sum4(
            bits, table, segment, offsets[3], offsets[2], offsets[1], offsets[0], m, out, 3);
        for (int r = 0; r < 4; r++) {
          assertEquals(expected[r], kernels.sum(bits, table, segment, offsets[r], m), 0);
          assertEquals(expected[r], out[6 - r], 0);
        }
      }
    }
  }

  @Test
  public void testBounds() {
    for (Kernels kernels : KernelSelection.usable()) {
      for (int bits : new int[] {4, 6, 8}) {
        int length = BlockLayout.codeLength(11, bits);
        byte[] codes = new byte[length];
        MemorySegment segment = Arena.ofAuto().allocate(length);
        float[] table = new float[11 << bits];
        float[] out = new float[4];
        for (int offset : new int[] {-1, 1, Integer.MAX_VALUE}) {
          assertThrows(
              IndexOutOfBoundsException.class, () -> kernels.sum(bits, table, codes, offset, 11));
          assertThrows(
              IndexOutOfBoundsException.class, () -> kernels.sum(bits, table, segment, offset, 11));
          assertThrows(
              IndexOutOfBoundsException.class,
              () -> kernels.sum4(bits, table, codes, 0, 0, offset, 0, 11, out, 0));
          assertThrows(
              IndexOutOfBoundsException.class,
              () -> kernels.sum4(bits, table, segment, 0, 0, 0, offset, 11, out, 0));
        }
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> kernels.sum4(bits, table, codes, 0, 0, 0, 0, 11, out, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> kernels.sum(bits, table, codes, 0, 12));
      }
    }
  }
}
