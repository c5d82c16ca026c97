/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import org.affinity.quantization.simd.BlockLayout;

/**
 * A {@link DistanceTable} whose entries are unsigned bytes on one scale, for kernels that keep
 * tables in registers (F. André, A.-M. Kermarrec, N. Le Scouarnec, <i>Quicker ADC</i>, IEEE TPAMI
 * 43(5), 2021): an entry t of subspace i becomes u = round((t − min_i)/step), and a sum U of
 * entries stands for Σ min_i + step · U. Sums fit 16 bits. Immutable and safe for use by any number
 * of threads.
 *
 * <p>How far an estimate can be from the score of the float table is known for every query: the
 * entries of subspace i move by at most e_i, measured when the table is made; to Σ e_i comes what
 * the float additions can lose. See {@link #bound}.
 */
public final class ByteTable {

  private static final int LARGEST_SUM = 0xFFFF;

  /** With 4 bits two entries are added as bytes before they are widened. */
  private static final int LARGEST_PAIRED = 127;

  /** Unit roundoff of float32. */
  private static final double ROUNDOFF = 0x1p-24;

  private final byte[] entries;
  private final double step;
  private final double minimum;
  private final double base;
  private final double sumBound;
  private final double baseBound;

  ByteTable(DistanceTable table) {
    PqParameters parameters = table.parameters();
    int bits = parameters.bits();
    int m = parameters.m();
    int k = parameters.centroids();
    float[] floats = table.entries();
    double[] low = new double[m];
    double range = 0;
    double sum = 0;
    double magnitude = 0;
    for (int s = 0; s < m; s++) {
      double high = Double.NEGATIVE_INFINITY;
      low[s] = Double.POSITIVE_INFINITY;
      for (int c = 0; c < k; c++) {
        low[s] = Math.min(low[s], floats[s * k + c]);
        high = Math.max(high, floats[s * k + c]);
      }
      range = Math.max(range, high - low[s]);
      sum += low[s];
      magnitude += Math.max(Math.abs(low[s]), Math.abs(high));
    }
    int largest = Math.min(bits == 4 ? LARGEST_PAIRED : 255, LARGEST_SUM / m);
    this.step = range == 0 ? 1 : range / largest;
    this.minimum = sum;
    this.base = table.base();
    this.entries = new byte[BlockLayout.tableLength(m, bits)];
    double moved = 0;
    for (int s = 0; s < m; s++) {
      double worst = 0;
      for (int c = 0; c < k; c++) {
        double exact = (floats[s * k + c] - low[s]) / step;
        int entry = Math.min(largest, (int) Math.rint(exact));
        BlockLayout.setEntry(entries, bits, s, c, entry);
        worst = Math.max(worst, Math.abs(exact - entry));
      }
      moved += worst * step;
    }
    // A float sum of m terms strays by less than m roundoffs of their sizes' sum; the product with
    // the weight, the last addition and this class's own rounding to float add a few more.
    this.sumBound = moved * (1 + 1e-9) + (m + 8) * (ROUNDOFF * magnitude + Float.MIN_VALUE);
    this.baseBound = 4 * (ROUNDOFF * Math.abs(base) + Float.MIN_VALUE);
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

  /** The score of the float table lies within this of {@link #estimate}. */
  public double bound(float weight) {
    return weight * sumBound + baseBound;
  }

  /**
   * A sum such that all smaller ones estimate below {@code score}, for every weight in the range: a
   * first sieve for the kernels. 65536 if no sum reaches the score.
   */
  public int threshold(float score, float lowestWeight, float highestWeight) {
    // An estimate just below the score may round to it.
    double wanted = Math.nextDown(score) - base;
    double product = wanted / (wanted > 0 ? highestWeight : lowestWeight);
    double sum = (product - minimum) / step;
    // One lower than exact arithmetic says, for its rounding; NaN (0/0) excludes nothing.
    return sum >= 1 ? (int) Math.min(LARGEST_SUM + 1, Math.ceil(sum) - 1) : 0;
  }
}
