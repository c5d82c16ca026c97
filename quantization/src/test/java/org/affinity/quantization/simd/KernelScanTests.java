/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.Test;

/** Every implementation against sums taken code by code. */
public class KernelScanTests extends RandomizedTest {

  @Test
  public void testEightBits() throws IOException {
    for (int m = 1; m <= 257; m += m < 20 ? 1 : randomIntBetween(5, 30)) {
      check(8, m);
    }
    check(8, 257);
  }

  @Test
  public void testSixBits() throws IOException {
    for (int m = 1; m <= 257; m += m < 20 ? 1 : randomIntBetween(5, 30)) {
      check(6, m);
    }
  }

  @Test
  public void testFourBits() throws IOException {
    for (int m = 1; m <= 516; m += m < 20 ? 1 : randomIntBetween(5, 60)) {
      check(4, m);
    }
  }

  @Test
  public void testEveryAlignment() throws IOException {
    for (int offset = 0; offset < 64; offset++) {
      for (int bits : new int[] {4, 6, 8}) {
        new Block(bits, 9, offset).check();
      }
    }
  }

  @Test
  public void testLargestSum() throws IOException {
    Block block = new Block(8, 257, 0);
    Arrays.fill(block.table, (byte) 255);
    block.sum();
    assertEquals(65535, block.expected[0]);
    block.check();
  }

  private static void check(int bits, int m) throws IOException {
    new Block(bits, m, randomIntBetween(0, 200)).check();
  }

  @Test
  public void testBounds() {
    BlockSums sums = new BlockSums();
    for (Kernels kernels : KernelSelection.usable()) {
      for (int bits : new int[] {4, 6, 8}) {
        byte[] codes = new byte[3 * 128];
        MemorySegment segment = Arena.ofAuto().allocate(3 * 128);
        int tableLength = BlockLayout.tableLengthOfRows(3, bits);
        byte[] table = new byte[tableLength];
        assertTrue(kernels.scan(bits, codes, 0, 3, table, 0, sums));
        for (int offset : new int[] {-1, 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
          assertThrows(
              IndexOutOfBoundsException.class,
              () -> kernels.scan(bits, codes, offset, 3, table, 0, sums));
          assertThrows(
              IndexOutOfBoundsException.class,
              () -> kernels.scan(bits, segment, offset, 3, table, 0, sums));
        }
        byte[] small = new byte[tableLength - 1];
        assertThrows(
            IndexOutOfBoundsException.class, () -> kernels.scan(bits, codes, 0, 3, small, 0, sums));
        assertThrows(
            IllegalArgumentException.class, () -> kernels.scan(bits, codes, 0, 0, table, 0, sums));
        assertThrows(
            IllegalArgumentException.class, () -> kernels.scan(5, codes, 0, 3, table, 0, sums));
      }
      assertThrows(
          IllegalArgumentException.class,
          () -> kernels.scan(6, new byte[512], 0, 4, new byte[1024], 0, sums));
    }
  }

  @Test
  public void testClosedArena() {
    for (Kernels kernels : KernelSelection.usable()) {
      Arena arena = Arena.ofShared();
      MemorySegment segment = arena.allocate(128);
      arena.close();
      assertThrows(
          IllegalStateException.class,
          () -> kernels.scan(8, segment, 0, 1, new byte[256], 0, new BlockSums()));
    }
  }

  /** A random block somewhere in a larger buffer. */
  private static final class Block {
    final int bits;
    final int m;
    final int rows;
    final int offset;
    final byte[] codes;
    final byte[] table;
    final int[] expected = new int[128];

    Block(int bits, int m, int offset) {
      this.bits = bits;
      this.m = m;
      this.offset = offset;
      rows = BlockLayout.codeLength(m, bits);
      codes = new byte[offset + rows * 128 + randomIntBetween(0, 64)];
      getRandom().nextBytes(codes);
      byte[] records = new byte[128 * rows];
      for (int vector = 0; vector < 128; vector++) {
        for (int s = 0; s < m; s++) {
          BlockLayout.setCentroid(
              records, vector * rows, bits, s, randomIntBetween(0, (1 << bits) - 1));
        }
      }
      BlockLayout.pack(records, 0, rows, 128, rows, codes, offset);
      table = new byte[BlockLayout.tableLength(m, bits)];
      int largest = Math.min(bits == 4 ? 127 : 255, 65535 / m);
      for (int s = 0; s < m; s++) {
        for (int c = 0; c < 1 << bits; c++) {
          BlockLayout.setEntry(table, bits, s, c, randomIntBetween(0, largest));
        }
      }
      sum();
    }

    void sum() {
      byte[] record = new byte[rows];
      for (int vector = 0; vector < 128; vector++) {
        BlockLayout.code(codes, offset, rows, vector, record, 0);
        expected[vector] = 0;
        for (int s = 0; s < m; s++) {
          int subspace = bits == 8 ? s * 256 : s * 64;
          expected[vector] += table[subspace + BlockLayout.centroid(record, 0, bits, s)] & 255;
        }
      }
    }

    void check() throws IOException {
      int best = Arrays.stream(expected).max().getAsInt();
      int middle = Arrays.stream(expected).sorted().toArray()[64];
      int first = Arrays.stream(expected).limit(64).max().getAsInt();
      int second = Arrays.stream(expected).skip(64).max().getAsInt();
      int between = Math.min(first, second) + 1;
      int[] thresholds = {-1, 0, 1, middle, between, best, best + 1, 65535, 65536};
      Path file = Files.createTempFile("codes", ".bin");
      Files.write(file, codes);
      try (Arena arena = Arena.ofShared();
          FileChannel channel = FileChannel.open(file)) {
        MemorySegment nativeCodes = arena.allocate(codes.length, 64);
        MemorySegment.copy(codes, 0, nativeCodes, ValueLayout.JAVA_BYTE, 0, codes.length);
        MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, codes.length, arena);
        for (Kernels kernels : KernelSelection.usable()) {
          for (int threshold : thresholds) {
            check(kernels, null, threshold);
            for (MemorySegment segment :
                List.of(
                    nativeCodes, nativeCodes.asReadOnly(), mapped, MemorySegment.ofArray(codes))) {
              check(kernels, segment, threshold);
            }
          }
        }
      } finally {
        Files.delete(file);
      }
    }

    private void check(Kernels kernels, MemorySegment segment, int threshold) {
      BlockSums sums = new BlockSums();
      Arrays.fill(sums.sums, (short) 4711);
      sums.mask0 = 42;
      sums.mask1 = 43;
      boolean found =
          segment == null
              ? kernels.scan(bits, codes, offset, rows, table, threshold, sums)
              : kernels.scan(bits, segment, offset, rows, table, threshold, sums);
      long mask0 = 0;
      long mask1 = 0;
      for (int i = 0; i < 64; i++) {
        mask0 |= expected[i] >= threshold ? 1L << i : 0;
        mask1 |= expected[64 + i] >= threshold ? 1L << i : 0;
      }
      String message = kernels.name() + " bits " + bits + " m " + m + " threshold " + threshold;
      assertEquals(message, (mask0 | mask1) != 0, found);
      if (found) {
        int[] actual = new int[128];
        Arrays.setAll(actual, sums::sum);
        assertArrayEquals(message, expected, actual);
        assertEquals(message, mask0, sums.mask0);
        assertEquals(message, mask1, sums.mask1);
      } else {
        assertFalse(message, (short) 4711 != sums.sums[0] || (short) 4711 != sums.sums[127]);
        assertEquals(message, 42, sums.mask0);
        assertEquals(message, 43, sums.mask1);
      }
    }
  }
}
