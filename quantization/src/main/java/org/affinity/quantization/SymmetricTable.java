/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import org.affinity.quantization.simd.BlockLayout;

/**
 * Scores of two codes (symmetric distance computation of the paper): the {@link Metric}'s score of
 * what they decode to, by m look-ups, three times as many for residual codes. For building graphs
 * without decoding. Immutable and safe for use by any number of threads.
 *
 * <p>Memory: {@code 4 · m · k²} bytes, 4 MiB for 16 codes of 8 bits; twice that for residual codes.
 */
public final class SymmetricTable {

  private final PqParameters parameters;
  private final Estimator estimator;

  /** {@code [m][k][k]}: ⟨c, c'⟩ of one code's centroids, or −‖c − c'‖² for distances. */
  private final float[] pairs;

  /** {@code [k][m][k]}: ⟨whole, c⟩ of residual codes, 0 for the first code; null otherwise. */
  private final float[] crosses;

  /** {@code [m][k]}: ⟨c, μ⟩. */
  private final float[] means;

  /** ‖μ‖². */
  private final float squaredMean;

  private final boolean distances;

  /** What a score is when the sum is zero. */
  private final float base;

  SymmetricTable(Codebook codebook, Estimator estimator, Metric metric, float[] turnedMean) {
    this.parameters = codebook.parameters();
    this.estimator = estimator;
    this.distances = DistanceTable.ofDistances(metric, estimator);
    this.base = metric == Metric.COSINE ? 1 : 0;
    int k = parameters.centroids();
    int m = parameters.m();
    this.pairs = new float[Math.multiplyExact(m, k * k)];
    this.crosses = estimator.residual() ? new float[Math.multiplyExact(m, k * k)] : null;
    for (int c = 0; c < k; c++) {
      for (int code = 0; code < m; code++) {
        float[] centroid = codebook.centroid(code, c);
        int to = (code * k + c) * k;
        if (distances) {
          codebook.negativeDistances(centroid, code, pairs, to);
        } else {
          codebook.products(centroid, code, pairs, to);
        }
        if (crosses != null && code > 0) {
          codebook.products(codebook.centroid(0, c), code, crosses, (c * m + code) * k);
        }
      }
    }
    this.means = codebook.products(turnedMean);
    this.squaredMean = (float) VectorMath.squaredNorm(turnedMean);
  }

  /** Scores the records at two offsets. */
  public float score(byte[] a, int offsetA, byte[] b, int offsetB) {
    int k = parameters.centroids();
    int m = parameters.m();
    int bits = parameters.bits();
    int wholeA = BlockLayout.centroid(a, offsetA, bits, 0) * m;
    int wholeB = BlockLayout.centroid(b, offsetB, bits, 0) * m;
    float pair = 0;
    float meanA = 0;
    float meanB = 0;
    for (int code = 0; code < m; code++) {
      int ca = BlockLayout.centroid(a, offsetA, bits, code);
      int cb = BlockLayout.centroid(b, offsetB, bits, code);
      pair += pairs[(code * k + ca) * k + cb];
      if (crosses != null) {
        pair += crosses[(wholeA + code) * k + cb] + crosses[(wholeB + code) * k + ca];
      }
      meanA += means[code * k + ca];
      meanB += means[code * k + cb];
    }
    if (distances) {
      return base == 0 ? pair : base + pair / 2;
    }
    float wa = 1;
    float wb = 1;
    if (estimator.weighted()) {
      wa = Weight.read(a, offsetA + parameters.codeLength());
      wb = Weight.read(b, offsetB + parameters.codeLength());
    }
    return squaredMean + wa * meanA + wb * meanB + wa * wb * pair;
  }

  public long ramBytesUsed() {
    long crossed = crosses == null ? 0 : crosses.length;
    return Float.BYTES * (pairs.length + crossed + means.length);
  }
}
