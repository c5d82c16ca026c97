/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

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
 * Reads one block of a list at a time: where it is mapped, or else from a copy outside the heap, so
 * that the kernels always meet the same kind of memory. For one thread.
 */
final class ListCursor {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Kernels kernels = KernelSelection.best();
  private final IndexInput lists;
  private final ListLayout layout;
  private final int codeBits;

  /** All lists; null if they are not mapped in one piece. */
  private final MemorySegment mapped;

  /** Where {@link #base} counts from: all lists, or a copy of the block. */
  private MemorySegment memory;

  /** First byte of the block. */
  private long base;

  private byte[] copied;
  private long listOffset;
  private int bits;
  private int blockLength;
  private int firstOrd;

  /**
   * @param lists this cursor's own slice of the field's lists
   * @param codeBits of a code
   */
  ListCursor(IndexInput lists, ListLayout layout, int codeBits) throws IOException {
    this.lists = lists;
    this.layout = layout;
    this.codeBits = codeBits;
    this.mapped =
        lists instanceof MemorySegmentAccessInput input
            ? input.segmentSliceOrNull(0, lists.length())
            : null;
    this.memory = mapped;
  }

  void open(ListEntry list) {
    listOffset = list.offset();
    bits = list.bits();
    blockLength = layout.blockLength(bits);
  }

  /** Goes to a block of the list. */
  void block(int number) throws IOException {
    long offset = listOffset + (long) number * blockLength;
    if (mapped != null) {
      base = offset;
    } else {
      copy(offset);
    }
    firstOrd = memory.get(INT, base + layout.firstOrdinal(bits));
  }

  private void copy(long offset) throws IOException {
    if (copied == null || copied.length < blockLength) {
      copied = new byte[blockLength];
      memory = Arena.ofAuto().allocate(blockLength, AffinityIvfPqVectorsFormat.ALIGNMENT);
    }
    lists.seek(offset);
    lists.readBytes(copied, 0, blockLength);
    MemorySegment.copy(copied, 0, memory, ValueLayout.JAVA_BYTE, 0, blockLength);
    base = 0;
  }

  /** Sums the table's entries for the block; see {@link Kernels#scan}. */
  boolean scan(byte[] table, int threshold, BlockSums sums) {
    return kernels.scan(codeBits, memory, base, layout.codeLength(), table, threshold, sums);
  }

  /** The weight of a vector of the block, 1 where there are none. */
  float weight(int vector) {
    if (!layout.weighted()) {
      return 1;
    }
    long at = base + layout.weights() + (long) vector * ListLayout.WEIGHT_BYTES;
    return ProductQuantizer.weight(memory.get(SHORT, at));
  }

  /** The ordinal of a vector of the block. */
  int ord(int vector) {
    int at = vector * bits;
    long word = memory.get(LONG, base + layout.ordinals() + (at >>> 3));
    return firstOrd + (int) (word >>> (at & 7) & ((1L << bits) - 1));
  }

  /** Copies the record of a vector of the block. */
  void record(int vector, byte[] record, int offset) {
    long from = base + BlockLayout.column(vector);
    for (int row = 0; row < layout.codeLength(); row++, from += BlockLayout.VECTORS) {
      record[offset + row] = memory.get(ValueLayout.JAVA_BYTE, from);
    }
    if (layout.weighted()) {
      long at = base + layout.weights() + (long) vector * ListLayout.WEIGHT_BYTES;
      record[offset + layout.codeLength()] = memory.get(ValueLayout.JAVA_BYTE, at);
      record[offset + layout.codeLength() + 1] = memory.get(ValueLayout.JAVA_BYTE, at + 1);
    }
  }
}
