/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * One group of operations on small random data: tells whether an implementation is right, and how
 * long it takes. Blocks are small because vectors are slow until they are compiled: a row costs
 * some 80 us in the interpreter. For one thread.
 */
final class KernelTrial {

  private static final int POINTS = 64;
  private static final int DIMENSION = 4;

  private final String name;
  private final int bits;
  private final int rows;
  private final byte[] codes;
  private final byte[] table;
  private final float[] points = new float[POINTS * DIMENSION];
  private final Centroids centroids;
  private final BlockSums sums = new BlockSums();
  private final int[] assignment = new int[POINTS];

  private KernelTrial(String name, int bits) {
    this.name = name;
    this.bits = bits;
    SplittableRandom random = new SplittableRandom(bits);
    int m = bits == 4 ? 11 : 6;
    int codeBits = bits == 0 ? 8 : bits;
    rows = BlockLayout.codeLength(m, codeBits);
    codes = new byte[rows * BlockLayout.VECTORS];
    random.nextBytes(codes);
    table = new byte[BlockLayout.tableLength(m, codeBits)];
    for (int subspace = 0; subspace < m; subspace++) {
      for (int c = 0; c < 1 << codeBits; c++) {
        BlockLayout.setEntry(table, codeBits, subspace, c, random.nextInt(128));
      }
    }
    float[] rowMajor = new float[64 * DIMENSION];
    fill(rowMajor, random);
    fill(points, random);
    centroids = Centroids.transposed(rowMajor, 0, DIMENSION, 64);
  }

  /** A block scan of codes of 4, 6 or 8 bits. */
  static KernelTrial scan(int bits) {
    return new KernelTrial("scan" + bits, bits);
  }

  /** Nearest centroids. */
  static KernelTrial nearest() {
    return new KernelTrial("nearest", 0);
  }

  private static void fill(float[] values, SplittableRandom random) {
    for (int i = 0; i < values.length; i++) {
      // Few distinct values: ties happen.
      values[i] = random.nextInt(-4, 5);
    }
  }

  String name() {
    return name;
  }

  /** Whether a candidate gives the bits of the reference. */
  boolean agrees(Kernels candidate, Kernels reference) {
    return bits == 0 ? nearestAgrees(candidate, reference) : scanAgrees(candidate, reference);
  }

  private boolean nearestAgrees(Kernels candidate, Kernels reference) {
    int[] expected = new int[POINTS];
    float[] expectedMinimum = new float[POINTS];
    float[] minimum = new float[POINTS];
    reference.nearest(points, 0, DIMENSION, POINTS, centroids, expected, 0, expectedMinimum);
    candidate.nearest(points, 0, DIMENSION, POINTS, centroids, assignment, 0, minimum);
    return Arrays.equals(expected, assignment)
        && Arrays.equals(expectedMinimum, minimum)
        && candidate.nearest(points, DIMENSION, centroids) == expected[1];
  }

  private boolean scanAgrees(Kernels candidate, Kernels reference) {
    BlockSums expected = new BlockSums();
    reference.scan(bits, codes, 0, rows, table, 0, expected);
    int best = 0;
    for (int vector = 0; vector < BlockLayout.VECTORS; vector++) {
      best = Math.max(best, expected.sum(vector));
    }
    reference.scan(bits, codes, 0, rows, table, best, expected);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(codes.length, 64);
      MemorySegment.copy(codes, 0, copy, ValueLayout.JAVA_BYTE, 0, codes.length);
      return candidate.scan(bits, codes, 0, rows, table, best, sums)
          && same(expected)
          && candidate.scan(bits, copy, 0, rows, table, best, sums)
          && same(expected)
          && !candidate.scan(bits, codes, 0, rows, table, best + 1, sums)
          && !candidate.scan(bits, copy, 0, rows, table, best + 1, sums);
    }
  }

  private boolean same(BlockSums expected) {
    return Arrays.equals(expected.sums, sums.sums)
        && expected.mask0 == sums.mask0
        && expected.mask1 == sums.mask1;
  }

  /** Nanoseconds of a call, averaged over a few; one in eight scans finds something. */
  double time(Kernels kernels, int calls) {
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      if (bits == 0) {
        kernels.nearest(points, 0, DIMENSION, POINTS, centroids, assignment, 0, null);
      } else {
        kernels.scan(bits, codes, 0, rows, table, (i & 7) == 0 ? 0 : 65535, sums);
      }
    }
    return (System.nanoTime() - start) / (double) calls;
  }
}
