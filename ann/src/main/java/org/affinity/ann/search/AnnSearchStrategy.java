/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

/**
 * How hard a {@link NearestQuery} searches.
 *
 * @param efSearch candidates a segment's index is searched for, at least; 1 to {@value
 *     #MAX_CANDIDATES}
 * @param nprobes most inverted lists to scan of a segment, as long as they give enough; 0 is the
 *     format's own choice
 * @param oversample candidates per asked neighbour that are rescored on raw floats, at least 1
 * @param exact compares with every vector instead
 */
public record AnnSearchStrategy(int efSearch, int nprobes, float oversample, boolean exact) {

  public static final int DEFAULT_EF_SEARCH = 100;
  public static final float DEFAULT_OVERSAMPLE = 3;
  public static final int MAX_CANDIDATES = 10_000;
  public static final int MAX_NPROBES = 65_536;

  public static final AnnSearchStrategy DEFAULT =
      new AnnSearchStrategy(DEFAULT_EF_SEARCH, DEFAULT_OVERSAMPLE, false);

  public AnnSearchStrategy {
    if (efSearch < 1 || efSearch > MAX_CANDIDATES) {
      throw new IllegalArgumentException(
          "[ef_search] must be between 1 and " + MAX_CANDIDATES + ", got [" + efSearch + "]");
    }
    if (nprobes < 0 || nprobes > MAX_NPROBES) {
      throw new IllegalArgumentException(
          "[nprobes] must be between 1 and " + MAX_NPROBES + ", got [" + nprobes + "]");
    }
    if (!(oversample >= 1 && oversample <= 100)) {
      throw new IllegalArgumentException(
          "[oversample_factor] must be between 1 and 100, got [" + oversample + "]");
    }
  }

  /** Leaves the number of lists to the format. */
  public AnnSearchStrategy(int efSearch, float oversample, boolean exact) {
    this(efSearch, 0, oversample, exact);
  }

  /** Candidates to collect per segment and rescore for k neighbours. */
  int candidates(int k) {
    double oversampled = Math.min(MAX_CANDIDATES, Math.ceil((double) oversample * k));
    return Math.max(k, Math.max(efSearch, (int) oversampled));
  }
}
