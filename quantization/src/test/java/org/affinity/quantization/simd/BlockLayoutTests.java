/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import java.util.Arrays;
import org.junit.Test;

public class BlockLayoutTests extends RandomizedTest {

  @Test
  public void testLengths() {
    assertEquals(7, BlockLayout.codeLength(7, 8));
    assertEquals(4, BlockLayout.codeLength(7, 4));
    assertEquals(4, BlockLayout.codeLength(8, 4));
    assertEquals(3, BlockLayout.codeLength(1, 6));
    assertEquals(3, BlockLayout.codeLength(4, 6));
    assertEquals(6, BlockLayout.codeLength(5, 6));
    assertEquals(7 * 256, BlockLayout.tableLength(7, 8));
    assertEquals(8 * 64, BlockLayout.tableLength(7, 4));
    assertEquals(8 * 64, BlockLayout.tableLength(5, 6));
    assertThrows(IllegalArgumentException.class, () -> BlockLayout.codeLength(0, 8));
    assertThrows(IllegalArgumentException.class, () -> BlockLayout.codeLength(8, 5));
  }

  @Test
  public void testColumns() {
    int[] first = {0, 2, 4, 6};
    for (int vector = 0; vector < first.length; vector++) {
      assertEquals(first[vector], BlockLayout.column(vector));
      assertEquals(first[vector] + 1, BlockLayout.column(vector + 32));
      assertEquals(first[vector] + 64, BlockLayout.column(vector + 64));
      assertEquals(first[vector] + 65, BlockLayout.column(vector + 96));
    }
    for (int vector = 0; vector < 128; vector++) {
      assertEquals(vector, BlockLayout.vector(BlockLayout.column(vector)));
    }
  }

  @Test
  public void testGoldenRecords() {
    byte[] record = new byte[3];
    for (int s = 0; s < 3; s++) {
      BlockLayout.setCentroid(record, 0, 8, s, 250 + s);
    }
    assertArrayEquals(new byte[] {-6, -5, -4}, record);
    record = new byte[2];
    for (int s = 0; s < 3; s++) {
      BlockLayout.setCentroid(record, 0, 4, s, 0xA + s);
    }
    assertArrayEquals(new byte[] {(byte) 0xBA, 0x0C}, record);
    record = new byte[3];
    int[] six = {0b000001, 0b000010, 0b100011, 0b110110};
    for (int s = 0; s < 4; s++) {
      BlockLayout.setCentroid(record, 0, 6, s, six[s]);
    }
    assertArrayEquals(
        new byte[] {(byte) 0b10_000001, (byte) 0b01_000010, (byte) 0b11_100011}, record);
  }

  @Test
  public void testCentroidsRoundTrip() {
    for (int bits : new int[] {4, 6, 8}) {
      for (int m = 1; m < 20; m++) {
        int[] centroids = new int[m];
        int offset = randomIntBetween(0, 5);
        byte[] record = new byte[offset + BlockLayout.codeLength(m, bits)];
        for (int repeat = 0; repeat < 3; repeat++) {
          for (int s = 0; s < m; s++) {
            centroids[s] = randomIntBetween(0, (1 << bits) - 1);
            BlockLayout.setCentroid(record, offset, bits, s, centroids[s]);
          }
        }
        for (int s = 0; s < m; s++) {
          assertEquals(centroids[s], BlockLayout.centroid(record, offset, bits, s));
        }
      }
    }
  }

  @Test
  public void testBlocksRoundTrip() {
    for (int count = 0; count <= 128; count++) {
      int length = randomIntBetween(1, 9);
      int stride = length + randomIntBetween(0, 3);
      int offset = randomIntBetween(0, 7);
      int blockOffset = randomIntBetween(0, 70);
      byte[] records = new byte[offset + stride * 128];
      getRandom().nextBytes(records);
      byte[] block = new byte[blockOffset + 128 * length + 1];
      Arrays.fill(block, (byte) 77);
      BlockLayout.pack(records, offset, stride, count, length, block, blockOffset);
      byte[] expected = new byte[length];
      byte[] code = new byte[length];
      for (int vector = 0; vector < 128; vector++) {
        Arrays.fill(expected, (byte) 0);
        if (vector < count) {
          System.arraycopy(records, offset + vector * stride, expected, 0, length);
        }
        BlockLayout.code(block, blockOffset, length, vector, code, 0);
        assertArrayEquals(expected, code);
        assertEquals(
            expected[length - 1], block[blockOffset + (length - 1) * 128 + column(vector)]);
      }
      for (int i = 0; i < blockOffset; i++) {
        assertEquals(77, block[i]);
      }
      assertEquals(77, block[block.length - 1]);
    }
  }

  private static int column(int vector) {
    int j = vector % 64;
    return vector / 64 * 64 + (j < 32 ? 2 * j : 2 * (j - 32) + 1);
  }

  @Test
  public void testBounds() {
    byte[] bytes = new byte[128];
    assertThrows(
        IndexOutOfBoundsException.class, () -> BlockLayout.pack(bytes, 0, 1, 129, 1, bytes, 0));
    assertThrows(
        IndexOutOfBoundsException.class, () -> BlockLayout.pack(bytes, 0, 1, 1, 1, bytes, 1));
    assertThrows(
        IndexOutOfBoundsException.class, () -> BlockLayout.code(bytes, 0, 1, 128, bytes, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> BlockLayout.setEntry(bytes, 4, 0, 0, 128));
    assertThrows(
        IndexOutOfBoundsException.class, () -> BlockLayout.setCentroid(bytes, 0, 4, 0, 16));
  }
}
