/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.affinity.quantization.ByteTable;
import org.affinity.quantization.DistanceTable;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.simd.BlockLayout;
import org.affinity.quantization.simd.BlockSums;
import org.affinity.quantization.simd.KernelSelection;
import org.affinity.quantization.simd.Kernels;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MemorySegmentAccessInput;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.NumericUtils;

/**
 * Compares one query with blocks of codes and keeps the best. The least score that still counts
 * becomes a threshold on sums, so blocks without a competitive vector cost the kernel and nothing
 * else. What passes is scored by the float table. The byte table is made anew whenever the scores
 * that still count have drawn much closer together, so that vectors far from all others do not take
 * its resolution; what its rounding may hide is looked at too. For one thread.
 */
final class BlockScan {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Kernels kernels = KernelSelection.best();
  private final int bits;
  private final int codeLength;
  private final int blockLength;
  private final boolean weighted;
  private final DistanceTable floats;
  private ByteTable table;
  private final float lowestWeight;
  private final float highestWeight;
  private final IndexInput codes;
  private final MemorySegment mapped;
  private final byte[] buffer;
  private final byte[] record;
  private final BlockSums sums = new BlockSums();

  private final int capacity;

  /** Scores in order of size, and the ordinals; four times the capacity. */
  private final long[] kept;

  private int count;

  /** How many of them, from the start, have the score of the float table already. */
  private int scored;

  /** The spread of what was kept when the byte table was made. */
  private double told = Double.POSITIVE_INFINITY;

  private int threshold;
  private float least = Float.NEGATIVE_INFINITY;

  /**
   * @param codes this scan's own slice of the field's blocks
   * @param capacity vectors to keep
   */
  BlockScan(
      ProductQuantizer quantizer,
      float[] query,
      IndexInput codes,
      float lowestWeight,
      float highestWeight,
      int capacity)
      throws IOException {
    this.bits = quantizer.parameters().bits();
    this.codeLength = quantizer.parameters().codeLength();
    this.blockLength = BlockLayout.VECTORS * quantizer.recordLength();
    this.weighted = quantizer.estimator().weighted();
    this.floats = quantizer.bind(query);
    this.table = floats.quantized();
    this.lowestWeight = lowestWeight;
    this.highestWeight = highestWeight;
    this.codes = codes;
    this.mapped =
        codes instanceof MemorySegmentAccessInput input
            ? input.segmentSliceOrNull(0, codes.length())
            : null;
    this.buffer = mapped == null ? new byte[blockLength] : null;
    this.record = new byte[quantizer.recordLength()];
    this.capacity = capacity;
    this.kept = new long[Math.multiplyExact(4, capacity)];
  }

  /**
   * Scans a block.
   *
   * @param vectors how many of its vectors there are, 1 to 128
   * @param accepted ordinals that may be kept; null for all
   */
  void scan(int block, int vectors, Bits accepted) throws IOException {
    try {
      scanOpen(block, vectors, accepted);
    } catch (IllegalStateException e) {
      throw new AlreadyClosedException("the codes were closed during a search", e);
    }
  }

  private void scanOpen(int block, int vectors, Bits accepted) throws IOException {
    if (!competitive(block)) {
      return;
    }
    int first = block * BlockLayout.VECTORS;
    // What is kept may lead to another table before all sums of this block are looked at.
    ByteTable scanned = table;
    collect(scanned, sums.mask0, 0, vectors, first, accepted);
    collect(scanned, sums.mask1, Long.SIZE, vectors, first, accepted);
  }

  private boolean competitive(int block) throws IOException {
    long offset = (long) block * blockLength;
    if (mapped == null) {
      codes.seek(offset);
      codes.readBytes(buffer, 0, blockLength);
      return kernels.scan(bits, buffer, 0, codeLength, table.entries(), threshold, sums);
    }
    return kernels.scan(bits, mapped, offset, codeLength, table.entries(), threshold, sums);
  }

  private void collect(
      ByteTable scanned, long mask, int from, int vectors, int first, Bits accepted)
      throws IOException {
    for (long left = mask; left != 0; left &= left - 1) {
      int vector = from + Long.numberOfTrailingZeros(left);
      if (vector >= vectors || (accepted != null && !accepted.get(first + vector))) {
        continue;
      }
      float weight = weight(first, vector);
      float estimate = scanned.estimate(sums.sum(vector), weight);
      if (estimate + weight * scanned.noise() >= least) {
        keep(estimate, first + vector);
      }
    }
  }

  private float weight(int first, int vector) {
    if (!weighted) {
      return 1;
    }
    int at = BlockLayout.VECTORS * codeLength + Short.BYTES * vector;
    if (mapped == null) {
      return ProductQuantizer.weight((buffer[at] & 0xFF) | (buffer[at + 1] << 8));
    }
    long block = (long) (first / BlockLayout.VECTORS) * blockLength;
    return ProductQuantizer.weight(mapped.get(SHORT, block + at));
  }

  private void keep(float estimate, int ord) throws IOException {
    if (count == kept.length) {
      shrink();
    }
    kept[count++] = key(estimate, ord);
    if (count == capacity && least == Float.NEGATIVE_INFINITY) {
      shrink();
    }
  }

  /** Drops all but the best and raises the threshold to the last of them. */
  private void shrink() throws IOException {
    scoreKept();
    if (count > capacity) {
      System.arraycopy(kept, count - capacity, kept, 0, capacity);
      count = capacity;
    }
    scored = count;
    if (count < capacity) {
      return;
    }
    least = estimate(kept[0]);
    if (!(spread() > told / 2)) {
      told = spread();
      table = floats.quantized(least, lowestWeight, highestWeight);
    }
    threshold = table.threshold(least, table.noise(), lowestWeight, highestWeight);
  }

  /** From the last of the kept to the best: what the byte table has to tell apart. */
  private double spread() {
    return (double) estimate(kept[count - 1]) - estimate(kept[0]);
  }

  private void scoreKept() throws IOException {
    for (int i = scored; i < count; i++) {
      int ord = ordinal(kept[i]);
      kept[i] = key(score(ord), ord);
    }
    Arrays.sort(kept, 0, count);
  }

  /** The score of the float table. */
  private float score(int ord) throws IOException {
    long block = (long) (ord / BlockLayout.VECTORS) * blockLength;
    int vector = ord % BlockLayout.VECTORS;
    for (int i = 0; i < codeLength; i++) {
      record[i] = at(block + (long) BlockLayout.VECTORS * i + BlockLayout.column(vector));
    }
    int weightLength = record.length - codeLength;
    long weights = block + (long) BlockLayout.VECTORS * codeLength;
    for (int i = 0; i < weightLength; i++) {
      record[codeLength + i] = at(weights + (long) vector * weightLength + i);
    }
    return floats.score(record, 0);
  }

  private byte at(long offset) throws IOException {
    if (mapped != null) {
      return mapped.get(ValueLayout.JAVA_BYTE, offset);
    }
    codes.seek(offset);
    return codes.readByte();
  }

  /** Larger estimates have larger keys; of equals the lower ordinal. */
  private static long key(float estimate, int ord) {
    return ((long) NumericUtils.floatToSortableInt(estimate) << 32) | (0xFFFFFFFFL & ~ord);
  }

  private static int ordinal(long key) {
    return ~(int) key;
  }

  private static float estimate(long key) {
    return NumericUtils.sortableIntToFloat((int) (key >> 32));
  }

  /** Takes an ordinal and the score that the float table gives it. */
  @FunctionalInterface
  interface Consumer {
    void accept(int ord, float score) throws IOException;
  }

  /** Hands over the best, the worst of them first. */
  void best(Consumer consumer) throws IOException {
    try {
      shrink();
    } catch (IllegalStateException e) {
      throw new AlreadyClosedException("the codes were closed during a search", e);
    }
    for (int i = 0; i < count; i++) {
      consumer.accept(ordinal(kept[i]), estimate(kept[i]));
    }
  }
}
