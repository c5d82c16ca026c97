/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.io.IOException;
import java.util.Arrays;
import org.affinity.ann.pq.CodedVectors;
import org.affinity.quantization.simd.BlockLayout;
import org.apache.lucene.store.IndexOutput;

/** Writes lists one behind the other, a block at a time; see {@link AffinityIvfPqVectorsFormat}. */
final class ListWriter {

  private final IndexOutput out;
  private final ListLayout layout;
  private final long start;
  private final byte[] records;

  ListWriter(IndexOutput out, ListLayout layout) throws IOException {
    this.out = out;
    this.layout = layout;
    this.start = out.alignFilePointer(AffinityIvfPqVectorsFormat.ALIGNMENT);
    this.records = new byte[BlockLayout.VECTORS * layout.recordLength()];
  }

  /** Where the field's lists start. */
  long start() {
    return start;
  }

  /** Bytes written. */
  long length() {
    return out.getFilePointer() - start;
  }

  /**
   * Writes a list.
   *
   * @param ords its ordinals from {@code from} to {@code to}, ascending
   */
  ListEntry write(
      int[] ords, int from, int to, CodedVectors.Records source, float radius, float reach)
      throws IOException {
    long offset = length();
    int bits = bits(ords, from, to);
    byte[] block = new byte[layout.blockLength(bits)];
    float lowest = layout.weighted() ? Float.POSITIVE_INFINITY : 1;
    float highest = layout.weighted() ? 0 : 1;
    for (int first = from; first < to; first += BlockLayout.VECTORS) {
      int count = Math.min(BlockLayout.VECTORS, to - first);
      Arrays.fill(block, (byte) 0);
      for (int i = 0; i < count; i++) {
        source.read(ords[first + i], records, i * layout.recordLength());
      }
      BlockLayout.pack(records, 0, layout.recordLength(), count, layout.codeLength(), block, 0);
      if (layout.weighted()) {
        for (int i = 0; i < count; i++) {
          float weight = writeWeight(block, i);
          lowest = Math.min(lowest, weight);
          highest = Math.max(highest, weight);
        }
      }
      writeOrdinals(block, bits, ords, first, count);
      out.writeBytes(block, block.length);
    }
    if (lowest > highest) {
      lowest = highest;
    }
    return new ListEntry(offset, to - from, bits, radius, reach, lowest, highest);
  }

  private float writeWeight(byte[] block, int i) {
    int from = i * layout.recordLength() + layout.codeLength();
    int to = layout.weights() + i * ListLayout.WEIGHT_BYTES;
    block[to] = records[from];
    block[to + 1] = records[from + 1];
    return Float.intBitsToFloat(((records[from] & 0xFF) | (records[from + 1] << 8)) << 16);
  }

  /** Enough for the difference to the first of its block, for every ordinal of the list. */
  private static int bits(int[] ords, int from, int to) {
    int largest = 0;
    for (int first = from; first < to; first += BlockLayout.VECTORS) {
      int last = Math.min(to, first + BlockLayout.VECTORS) - 1;
      largest = Math.max(largest, ords[last] - ords[first]);
    }
    return Integer.SIZE - Integer.numberOfLeadingZeros(largest);
  }

  private void writeOrdinals(byte[] block, int bits, int[] ords, int first, int count) {
    for (int i = 0; i < count; i++) {
      int number = ords[first + i] - ords[first];
      for (int bit = 0, at = i * bits; bit < bits; bit++, at++) {
        if ((number >>> bit & 1) != 0) {
          block[layout.ordinals() + (at >>> 3)] |= (byte) (1 << (at & 7));
        }
      }
    }
    int at = layout.firstOrdinal(bits);
    for (int i = 0; i < Integer.BYTES; i++) {
      block[at + i] = (byte) (ords[first] >>> (8 * i));
    }
  }
}
