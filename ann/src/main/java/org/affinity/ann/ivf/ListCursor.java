/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.io.IOException;
import org.affinity.ann.scan.BlockCursor;
import org.affinity.quantization.ProductQuantizer;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.util.ArrayUtil;

/** Reads the blocks of one list after the other. Blocks are numbered as they come. */
final class ListCursor extends BlockCursor {

  private final ListLayout layout;

  /** By number of a block, its offset and the bits of its ordinals. */
  private long[] offsets = new long[64];

  private int[] ordinalBits = new int[64];

  /** How many blocks there are up to the end of the current list. */
  private int known;

  private int first;
  private int number;
  private int bits;

  /**
   * @param lists this cursor's own slice of the field's lists
   */
  ListCursor(IndexInput lists, ListLayout layout, ProductQuantizer quantizer) throws IOException {
    super(lists, quantizer);
    this.layout = layout;
  }

  /**
   * For the blocks that another cursor knows, which must open no more lists.
   *
   * @param lists this cursor's own slice of the field's lists
   */
  ListCursor(IndexInput lists, ListLayout layout, ProductQuantizer quantizer, ListCursor other)
      throws IOException {
    this(lists, layout, quantizer);
    this.offsets = other.offsets;
    this.ordinalBits = other.ordinalBits;
    this.known = other.known;
  }

  /** Goes to a list, before its first block. */
  void open(ListEntry list) {
    int blocks = list.blocks();
    first = known;
    known += blocks;
    if (known > 1 << 24) {
      throw new IllegalStateException("more blocks than numbers");
    }
    if (known > offsets.length) {
      offsets = ArrayUtil.grow(offsets, known);
      ordinalBits = ArrayUtil.growExact(ordinalBits, offsets.length);
    }
    int blockLength = layout.blockLength(list.bits());
    for (int i = 0; i < blocks; i++) {
      offsets[first + i] = list.offset() + (long) i * blockLength;
      ordinalBits[first + i] = list.bits();
    }
  }

  /** Goes to a block of the current list. */
  void block(int inList) throws IOException {
    go(first + inList);
  }

  @Override
  public void go(int number) throws IOException {
    this.number = number;
    bits = ordinalBits[number];
    read(offsets[number], layout.blockLength(bits));
  }

  @Override
  public int number() {
    return number;
  }

  @Override
  public int ord(int vector) {
    int at = vector * bits;
    long word = longAt(layout.ordinals() + (at >>> 3));
    return intAt(layout.firstOrdinal(bits)) + (int) (word >>> (at & 7) & ((1L << bits) - 1));
  }
}
