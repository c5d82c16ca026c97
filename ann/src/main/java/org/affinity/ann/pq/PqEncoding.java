/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import org.affinity.quantization.PqParameters;

/**
 * When and how a segment's vectors get codes.
 *
 * @param m codes per vector; {@link #AUTO_M} derives it from the dimension
 * @param bits per code: 4, 6 or 8
 * @param minVectors segments with fewer vectors get neither codebook nor codes: scanning their raw
 *     floats is exact and fast, and a codebook would be larger than what it saves
 */
public record PqEncoding(int m, int bits, int minVectors) {

  /** Lets {@link PqParameters#forDimension} choose m. */
  public static final int AUTO_M = 0;

  /** 16 vectors per centroid; the raw floats of fewer vectors are scanned in well under 0.1 ms. */
  public static final int DEFAULT_MIN_VECTORS = 4096;

  /** Codes with the automatic m, from the default number of vectors on. */
  public static final PqEncoding AUTO = new PqEncoding(AUTO_M, DEFAULT_MIN_VECTORS);

  /** No codes, whatever the size: raw floats only. */
  public static final PqEncoding NONE = new PqEncoding(AUTO_M, Integer.MAX_VALUE);

  public PqEncoding {
    if (m < 0) {
      throw new IllegalArgumentException("m must be 0 (automatic) or positive, got " + m);
    }
    if (minVectors < 1) {
      throw new IllegalArgumentException("minVectors must be at least 1, got " + minVectors);
    }
  }

  /** 8 bits per code. */
  public PqEncoding(int m, int minVectors) {
    this(m, 8, minVectors);
  }

  /** Fewer vectors than centroids train no codebook, whatever was asked for. */
  boolean encodes(long vectors) {
    return vectors >= Math.max(minVectors, 1 << bits);
  }

  PqParameters parameters(int dimension) {
    int codes = m == AUTO_M ? PqParameters.forDimension(dimension).m() : m;
    return new PqParameters(dimension, codes, bits);
  }
}
