/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

/**
 * What a scan of one block found. Belongs to one thread, which may use it for any number of blocks;
 * contents mean something only after a scan returned true.
 */
public final class BlockSums {

  /** Sums of the 128 vectors in their order; unsigned, so read with {@code & 0xFFFF}. */
  public final short[] sums = new short[BlockLayout.VECTORS];

  /** Bit j: vector j (0 to 63) is competitive. */
  public long mask0;

  /** Bit j: vector 64 + j is competitive. */
  public long mask1;

  /** Sums under way in the scalar kernel; elsewhere unused. */
  final short[] pending = new short[BlockLayout.VECTORS];

  private byte[] scratch = new byte[0];

  /** The sum of a vector (0 to 127), 0 to 65535. */
  public int sum(int vector) {
    return sums[vector] & 0xFFFF;
  }

  /** Room for a copy of a block; grows once, then stays. */
  byte[] scratch(int length) {
    if (scratch.length < length) {
      scratch = new byte[length];
    }
    return scratch;
  }
}
