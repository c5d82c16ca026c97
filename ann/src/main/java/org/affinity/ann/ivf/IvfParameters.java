/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.util.Objects;
import org.affinity.ann.pq.PqEncoding;

/**
 * How a segment's vectors are cut into lists.
 *
 * @param nlist lists of a segment, 1 to {@value #MAXIMUM_NLIST}; {@link #AUTO} derives it from the
 *     number of vectors
 * @param nprobes most lists a search scans, 1 to {@value #MAXIMUM_NLIST}, as long as those give
 *     enough hits; {@link #AUTO} leaves it to the effort of each search
 * @param encoding when and how vectors get codes
 */
public record IvfParameters(int nlist, int nprobes, PqEncoding encoding) {

  /** Derived from the data. */
  public static final int AUTO = 0;

  public static final int MAXIMUM_NLIST = 65_536;

  /** Everything derived from the data. */
  public static final IvfParameters DEFAULT = new IvfParameters(AUTO, AUTO, PqEncoding.AUTO);

  /** Up to here one list is scanned as fast as any choice of lists is made. */
  static final int ONE_LIST = 20_000;

  /**
   * Vectors per list aimed at. On GloVe-100 (100k) lists half as long as these need a tenth fewer
   * blocks scanned for the same recall, which ranking twice as many centroids eats up; lists twice
   * as long need a quarter more.
   */
  private static final int VECTORS_PER_LIST = 192;

  /** A list asked for must have a few vectors to its name. */
  private static final int FEWEST_PER_LIST = 4;

  public IvfParameters {
    check("nlist", nlist);
    check("nprobes", nprobes);
    if (nlist != AUTO && nprobes > nlist) {
      throw new IllegalArgumentException(
          "nprobes must be between 1 and nlist [" + nlist + "], got " + nprobes);
    }
    Objects.requireNonNull(encoding);
  }

  private static void check(String name, int value) {
    if (value < 0 || value > MAXIMUM_NLIST) {
      throw new IllegalArgumentException(
          name + " must be between 1 and " + MAXIMUM_NLIST + ", or 0 (automatic), got " + value);
    }
  }

  /** Lists of a segment of so many vectors. */
  int lists(int vectors) {
    if (nlist != AUTO) {
      return Math.clamp(vectors / FEWEST_PER_LIST, 1, nlist);
    }
    return vectors < ONE_LIST ? 1 : Math.clamp(vectors / VECTORS_PER_LIST, 1, MAXIMUM_NLIST);
  }
}
