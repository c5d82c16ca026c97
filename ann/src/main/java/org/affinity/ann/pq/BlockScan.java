/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.affinity.quantization.ByteTable;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.simd.BlockLayout;
import org.affinity.quantization.simd.BlockSums;
import org.affinity.quantization.simd.KernelSelection;
import org.affinity.quantization.simd.Kernels;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MemorySegmentAccessInput;
import org.apache.lucene.util.Bits;

/**
 * Compares one query with blocks of codes and keeps the best. The least estimate that still counts
 * becomes a threshold on sums, so blocks without a competitive vector cost the kernel and nothing
 * else. Estimates are those of the byte table: whoever asks rescores. For one thread.
 */
final class BlockScan {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Kernels kernels = KernelSelection.best();
  private final int bits;
  private final int codeLength;
  private final int blockLength;
  private final boolean weighted;
  private final ByteTable table;
  private final float lowestWeight;
  private final float highestWeight;
  private final IndexInput codes;
  private final MemorySegment mapped;
  private final byte[] buffer;
  private final BlockSums sums = new BlockSums();

  private final int capacity;

  /** Estimates in order of size, and the ordinals; four times the capacity. */
  private final long[] kept;

  private int count;
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
    this.table = quantizer.bind(query).quantized();
    this.lowestWeight = lowestWeight;
    this.highestWeight = highestWeight;
    this.codes = codes;
    this.mapped =
        codes instanceof MemorySegmentAccessInput input
            ? input.segmentSliceOrNull(0, codes.length())
            : null;
    this.buffer = mapped == null ? new byte[blockLength] : null;
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
    if (!competitive(block)) {
      return;
    }
    int first = block * BlockLayout.VECTORS;
    collect(sums.mask0, 0, vectors, first, accepted);
    collect(sums.mask1, Long.SIZE, vectors, first, accepted);
  }

  private boolean competitive(int block) throws IOException {
    long offset = (long) block * blockLength;
    if (mapped == null) {
      codes.seek(offset);
      codes.readBytes(buffer, 0, blockLength);
      return kernels.scan(bits, buffer, 0, codeLength, table.entries(), threshold, sums);
    }
    try {
      return kernels.scan(bits, mapped, offset, codeLength, table.entries(), threshold, sums);
    } catch (IllegalStateException e) {
      throw new AlreadyClosedException("the codes were closed during a search", e);
    }
  }

  private void collect(long mask, int from, int vectors, int first, Bits accepted) {
    for (long left = mask; left != 0; left &= left - 1) {
      int vector = from + Long.numberOfTrailingZeros(left);
      if (vector >= vectors || (accepted != null && !accepted.get(first + vector))) {
        continue;
      }
      float estimate = table.estimate(sums.sum(vector), weight(first, vector));
      if (estimate >= least) {
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

  private void keep(float estimate, int ord) {
    if (count == kept.length) {
      shrink();
      if (estimate < least) {
        return;
      }
    }
    kept[count++] = key(estimate, ord);
    if (count == capacity && least == Float.NEGATIVE_INFINITY) {
      shrink();
    }
  }

  /** Keeps the best and raises the threshold to the last of them. */
  private void shrink() {
    Arrays.sort(kept, 0, count);
    if (count > capacity) {
      System.arraycopy(kept, count - capacity, kept, 0, capacity);
      count = capacity;
    }
    if (count == capacity) {
      least = estimate(kept[0]);
      threshold = table.threshold(least, lowestWeight, highestWeight);
    }
  }

  /** Larger estimates have larger keys; of equals the lower ordinal. */
  private static long key(float estimate, int ord) {
    int raw = Float.floatToIntBits(estimate);
    int ordered = raw ^ ((raw >> 31) & Integer.MAX_VALUE);
    return ((long) ordered << 32) | (0xFFFFFFFFL & ~ord);
  }

  private static float estimate(long key) {
    int ordered = (int) (key >> 32);
    return Float.intBitsToFloat(ordered ^ ((ordered >> 31) & Integer.MAX_VALUE));
  }

  /** Takes an ordinal and its estimate. */
  @FunctionalInterface
  interface Consumer {
    void accept(int ord, float estimate) throws IOException;
  }

  /** Hands over the best, the worst of them first. */
  void best(Consumer consumer) throws IOException {
    shrink();
    for (int i = 0; i < count; i++) {
      consumer.accept(~(int) kept[i], estimate(kept[i]));
    }
  }
}
