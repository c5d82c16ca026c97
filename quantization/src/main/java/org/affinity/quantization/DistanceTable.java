/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.affinity.quantization.simd.KernelSelection;
import org.affinity.quantization.simd.Kernels;

/**
 * A query bound to a codebook (asymmetric distance computation): one partial result per subspace
 * and centroid, so that scoring a code is m look-ups and additions, and at most one multiplication.
 * Immutable and safe for use by any number of threads; scoring allocates nothing.
 *
 * <p>A score estimates the {@link Metric}'s score of query and vector: it is that of the query and
 * x̂ = {@link ProductQuantizer#decode decode(record)}. Under {@link Metric#COSINE} it is ⟨q, x̂⟩
 * with q of length 1, or, for codes without weight, 1 − ‖q − x̂‖²/2, which is the same for x̂ of
 * length 1 and was measured to find more where it is not.
 */
public final class DistanceTable {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final PqParameters parameters;
  private final boolean weighted;
  private final int recordLength;

  /** {@code [m][k]}. */
  private final float[] entries;

  /** What every score has in common. */
  private final float base;

  /** Takes over {@code entries}, {@code [m][k]}. */
  DistanceTable(PqParameters parameters, boolean weighted, float[] entries, float base) {
    this.parameters = parameters;
    this.weighted = weighted;
    this.recordLength = parameters.codeLength() + (weighted ? Weight.BYTES : 0);
    this.entries = entries;
    this.base = base;
  }

  /** Whether entries are distances rather than products. */
  static boolean ofDistances(Metric metric, Estimator estimator) {
    return metric == Metric.L2 || (metric == Metric.COSINE && !estimator.weighted());
  }

  PqParameters parameters() {
    return parameters;
  }

  float[] entries() {
    return entries;
  }

  float base() {
    return base;
  }

  /** Scores the record at {@code offset}. */
  public float score(byte[] records, int offset) {
    float sum = sum(records, offset);
    return weighted
        ? base + Weight.read(records, offset + parameters.codeLength()) * sum
        : base + sum;
  }

  /** Sums the entries that the code at {@code offset} selects. */
  float sum(byte[] codes, int offset) {
    return KernelSelection.best().sum(parameters.bits(), entries, codes, offset, parameters.m());
  }

  /**
   * Scores records by number, four at a time, so that one's cache misses hide behind another's.
   *
   * @param records record 0 first, one behind the other
   * @param scores receives {@code count} scores
   * @return the largest of them, negative infinity for none
   */
  public float scores(MemorySegment records, int[] ordinals, int count, float[] scores) {
    Kernels kernels = KernelSelection.best();
    int bits = parameters.bits();
    int m = parameters.m();
    int i = 0;
    for (; i + 3 < count; i += 4) {
      kernels.sum4(
          bits,
          entries,
          records,
          offset(ordinals[i]),
          offset(ordinals[i + 1]),
          offset(ordinals[i + 2]),
          offset(ordinals[i + 3]),
          m,
          scores,
          i);
    }
    for (; i < count; i++) {
      scores[i] = kernels.sum(bits, entries, records, offset(ordinals[i]), m);
    }
    float best = Float.NEGATIVE_INFINITY;
    for (i = 0; i < count; i++) {
      float weight = weighted ? weight(records, offset(ordinals[i])) : 1;
      scores[i] = base + weight * scores[i];
      best = Math.max(best, scores[i]);
    }
    return best;
  }

  /**
   * Scores records that lie one behind the other from the start of {@code records}.
   *
   * @return the largest score, negative infinity for none
   */
  public float scores(byte[] records, int count, float[] scores) {
    float best = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      scores[i] = score(records, i * recordLength);
      best = Math.max(best, scores[i]);
    }
    return best;
  }

  private long offset(int ordinal) {
    return (long) ordinal * recordLength;
  }

  private float weight(MemorySegment records, long offset) {
    return Weight.of(records.get(SHORT, offset + parameters.codeLength()) & 0xFFFF);
  }

  /** This table in bytes, for the block kernels. */
  public ByteTable quantized() {
    return new ByteTable(this, Double.NEGATIVE_INFINITY);
  }

  /**
   * This table in bytes that tell scores of at least {@code least} apart.
   *
   * @param lowestWeight of all codes, 1 where they have none
   * @param highestWeight of all codes, 1 where they have none
   */
  public ByteTable quantized(float least, float lowestWeight, float highestWeight) {
    double product = (double) least - base;
    double sum = product / (product > 0 ? highestWeight : lowestWeight);
    return new ByteTable(this, Double.isNaN(sum) ? Double.NEGATIVE_INFINITY : sum);
  }
}
