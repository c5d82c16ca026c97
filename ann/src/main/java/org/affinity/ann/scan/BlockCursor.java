/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.scan;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.simd.BlockLayout;
import org.affinity.quantization.simd.BlockSums;
import org.affinity.quantization.simd.KernelSelection;
import org.affinity.quantization.simd.Kernels;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MemorySegmentAccessInput;

/**
 * Reads one block at a time: where it is mapped, or else from a copy outside the heap, so that the
 * kernels always meet the same kind of memory. A block is 128 codes, transposed ({@link
 * BlockLayout}), and 128 weights (bfloat16) where codes have one; formats put ordinals behind. For
 * one thread.
 */
public abstract class BlockCursor {

  private static final int WEIGHT_BYTES = Short.BYTES;

  private static final int ALIGNMENT = 64;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Kernels kernels = KernelSelection.best();
  private final IndexInput blocks;
  private final int codeBits;
  private final int codeLength;
  private final boolean weighted;

  /** All blocks; null if they are not mapped in one piece. */
  private final MemorySegment mapped;

  /** Where {@link #base} counts from: all blocks, or a copy of one. */
  private MemorySegment memory;

  /** First byte of the block. */
  private long base;

  private byte[] copied = new byte[0];

  /**
   * @param blocks this cursor's own slice of the field's blocks
   */
  protected BlockCursor(IndexInput blocks, ProductQuantizer quantizer) throws IOException {
    this.blocks = blocks;
    this.codeBits = quantizer.parameters().bits();
    this.codeLength = quantizer.parameters().codeLength();
    this.weighted = quantizer.estimator().weighted();
    this.mapped =
        blocks instanceof MemorySegmentAccessInput input
            ? input.segmentSliceOrNull(0, blocks.length())
            : null;
    this.memory = mapped;
  }

  /** Goes to a block by the number that {@link #number()} gave when it was the current one. */
  public abstract void go(int number) throws IOException;

  /** A number for the current block, 0 to 2^24 - 1. */
  public abstract int number();

  /** The ordinal of a vector of the block. */
  public abstract int ord(int vector);

  /** Makes the block at {@code offset} the current one. */
  protected final void read(long offset, int length) throws IOException {
    if (mapped != null) {
      base = offset;
      return;
    }
    if (copied.length < length) {
      copied = new byte[length];
      memory = Arena.ofAuto().allocate(length, ALIGNMENT);
    }
    blocks.seek(offset);
    blocks.readBytes(copied, 0, length);
    MemorySegment.copy(copied, 0, memory, ValueLayout.JAVA_BYTE, 0, length);
    base = 0;
  }

  /** Reads an int of the block, little-endian. */
  protected final int intAt(long at) {
    return memory.get(INT, base + at);
  }

  /** Reads a long of the block, little-endian. */
  protected final long longAt(long at) {
    return memory.get(LONG, base + at);
  }

  /** Sums the table's entries for the block; see {@link Kernels#scan}. */
  final boolean scan(byte[] table, int threshold, BlockSums sums) {
    return kernels.scan(codeBits, memory, base, codeLength, table, threshold, sums);
  }

  /** The weight of a vector of the block, 1 where there are none. */
  final float weight(int vector) {
    return weighted ? ProductQuantizer.weight(memory.get(SHORT, weightAt(vector))) : 1;
  }

  private long weightAt(int vector) {
    return base + (long) BlockLayout.VECTORS * codeLength + (long) vector * WEIGHT_BYTES;
  }

  /** Copies the record of a vector of the block. */
  public final void record(int vector, byte[] record, int offset) {
    long from = base + BlockLayout.column(vector);
    for (int row = 0; row < codeLength; row++, from += BlockLayout.VECTORS) {
      record[offset + row] = memory.get(ValueLayout.JAVA_BYTE, from);
    }
    if (weighted) {
      short weight = memory.get(SHORT, weightAt(vector));
      record[offset + codeLength] = (byte) weight;
      record[offset + codeLength + 1] = (byte) (weight >>> Byte.SIZE);
    }
  }
}
