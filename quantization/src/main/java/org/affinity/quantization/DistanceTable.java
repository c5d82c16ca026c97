/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

/**
 * A query bound to a codebook (asymmetric distance computation): one partial result per subspace
 * and centroid, so that scoring a code is m look-ups and additions. Immutable and safe for use by
 * any number of threads; scoring allocates nothing.
 */
public final class DistanceTable {

  private static final int K = ProductQuantizer.CENTROIDS;

  private final float[] table;

  /** Takes over {@code table}, {@code [m][256]}. */
  DistanceTable(float[] table) {
    this.table = table;
  }

  /** Sums the entries that the code of m bytes at {@code offset} selects. */
  public float sum(byte[] codes, int offset) {
    int m = table.length / K;
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int s = 0;
    for (; s + 3 < m; s += 4) {
      sum0 += table[s * K + (codes[offset + s] & 0xFF)];
      sum1 += table[(s + 1) * K + (codes[offset + s + 1] & 0xFF)];
      sum2 += table[(s + 2) * K + (codes[offset + s + 2] & 0xFF)];
      sum3 += table[(s + 3) * K + (codes[offset + s + 3] & 0xFF)];
    }
    for (; s < m; s++) {
      sum0 += table[s * K + (codes[offset + s] & 0xFF)];
    }
    return sum0 + sum1 + (sum2 + sum3);
  }
}
