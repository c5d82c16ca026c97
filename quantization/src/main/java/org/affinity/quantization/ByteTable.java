/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import org.affinity.quantization.simd.BlockLayout;
import org.affinity.quantization.simd.KernelSelection;
import org.affinity.quantization.simd.Kernels;

/**
 * A {@link DistanceTable} whose entries are unsigned bytes on one scale, for kernels that keep
 * tables in registers (F. André, A.-M. Kermarrec, N. Le Scouarnec, <i>Quicker ADC</i>, IEEE TPAMI
 * 43(5), 2021): an entry t of subspace i becomes u = round((t − min_i)/step), and a sum U of
 * entries stands for Σ min_i + step · U. Sums fit 16 bits. Immutable and safe for use by any number
 * of threads.
 *
 * <p>How far an estimate can be from the score of the float table is known for every query: every
 * entry moves by at most half a step; to m halves comes what the float additions can lose. See
 * {@link #bound}.
 *
 * <p>Where few vectors are far from all others, most of the scale would be spent on them. A table
 * made for scores of at least {@code least} spends it on those: an entry so low that, with the
 * highest of all other subspaces, it cannot reach {@code least} is raised to one that just can.
 * Then the bound holds for every vector that scores at least {@code least}, and the others are
 * never estimated lower than the bound allows, only higher.
 */
public final class ByteTable {

  private static final int LARGEST_SUM = 0xFFFF;

  /** With 4 bits two entries are added as bytes before they are widened. */
  private static final int LARGEST_PAIRED = 127;

  /** Unit roundoff of float32. */
  private static final double ROUNDOFF = 0x1p-24;

  /** Its inverse is a float32 too. */
  private static final double LEAST_STEP = 0x1p-126;

  private final byte[] entries;
  private final double step;
  private final double minimum;
  private final double base;
  private final double noise;
  private final double sumBound;
  private final double baseBound;

  /**
   * @param leastSum sums of entries below this need no estimate of their own; negative infinity for
   *     none
   */
  ByteTable(DistanceTable table, double leastSum) {
    PqParameters parameters = table.parameters();
    int bits = parameters.bits();
    int m = parameters.m();
    int k = parameters.centroids();
    float[] floats = table.entries();
    float[] low = new float[m];
    float[] high = new float[m];
    double highest = 0;
    double magnitude = 0;
    for (int s = 0; s < m; s++) {
      float least = floats[s * k];
      float most = least;
      for (int i = s * k + 1; i < (s + 1) * k; i++) {
        least = Math.min(least, floats[i]);
        most = Math.max(most, floats[i]);
      }
      low[s] = least;
      high[s] = most;
      highest += most;
      magnitude += Math.max(Math.abs(least), Math.abs(most));
    }
    // A little more than exact arithmetic says, for the rounding of leastSum and of float sums.
    double window = (highest - leastSum) * (1 + 1e-6) + (m + 8) * 4 * ROUNDOFF * magnitude;
    double range = 0;
    double sum = 0;
    for (int s = 0; s < m; s++) {
      low[s] = (float) Math.max(low[s], high[s] - Math.max(0, window));
      range = Math.max(range, (double) high[s] - low[s]);
      sum += low[s];
    }
    int largest = Math.min(bits == 4 ? LARGEST_PAIRED : 255, LARGEST_SUM / m);
    this.step = range == 0 ? 1 : Math.max(LEAST_STEP, range / largest);
    this.minimum = sum;
    this.base = table.base();
    this.entries = new byte[BlockLayout.tableLength(m, bits)];
    fill(parameters, floats, low, largest);
    // An entry is rounded by half a step, and its quotient by a few roundoffs of its size.
    double moved = m * step * (0.5 + 8 * ROUNDOFF * largest);
    this.noise = 3 * step * Math.sqrt(m / 12.0);
    // A float sum of m terms strays by less than m roundoffs of their sizes' sum; the product with
    // the weight, the last addition and this class's own rounding to float add a few more.
    this.sumBound = moved * (1 + 1e-9) + (m + 8) * (ROUNDOFF * magnitude + Float.MIN_VALUE);
    this.baseBound = 4 * (ROUNDOFF * Math.abs(base) + Float.MIN_VALUE);
  }

  private void fill(PqParameters parameters, float[] floats, float[] low, int largest) {
    Kernels kernels = KernelSelection.best();
    int bits = parameters.bits();
    int k = parameters.centroids();
    float perStep = (float) (1 / step);
    byte[] some = bits == 8 ? entries : new byte[k];
    for (int s = 0; s < parameters.m(); s++) {
      int to = bits == 8 ? s * k : 0;
      kernels.toBytes(floats, s * k, k, low[s], perStep, largest, some, to);
      for (int c = 0; bits != 8 && c < k; c++) {
        BlockLayout.setEntry(entries, bits, s, c, some[c] & 0xFF);
      }
    }
  }

  /** The table as {@link org.affinity.quantization.simd.Kernels} take it, not a copy. */
  public byte[] entries() {
    return entries;
  }

  /**
   * What a sum of entries says of the score.
   *
   * @param sum 0 to 65535
   * @param weight w of the code, 1 where there is none
   */
  public float estimate(int sum, float weight) {
    return (float) (base + weight * (minimum + step * sum));
  }

  /**
   * The score of the float table lies within this of {@link #estimate}; if it is below what the
   * table was made for, it may lie lower.
   */
  public double bound(float weight) {
    return weight * sumBound + baseBound;
  }

  /**
   * How far an estimate for weight 1 is from the score of the float table for nearly all vectors:
   * three standard deviations of the sum of m roundings.
   */
  public double noise() {
    return noise;
  }

  /**
   * A sum such that all smaller ones estimate below {@code score}, for every weight in the range: a
   * first sieve for the kernels. 65536 if no sum reaches the score.
   */
  public int threshold(float score, float lowestWeight, float highestWeight) {
    return threshold(score, 0, lowestWeight, highestWeight);
  }

  /**
   * The same for estimates that may be too low by {@code slack} times their weight.
   *
   * @param slack for example {@link #noise}
   */
  public int threshold(float score, double slack, float lowestWeight, float highestWeight) {
    // An estimate just below the score may round to it.
    double wanted = Math.nextDown(score) - base;
    double product = wanted / (wanted > 0 ? highestWeight : lowestWeight);
    double sum = (product - slack - minimum) / step;
    // One lower than exact arithmetic says, for its rounding; NaN (0/0) excludes nothing.
    return sum >= 1 ? (int) Math.min(LARGEST_SUM + 1, Math.ceil(sum) - 1) : 0;
  }
}
