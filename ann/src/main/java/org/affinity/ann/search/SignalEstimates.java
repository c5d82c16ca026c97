/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;

/** A vectors reader that has codes, from which signals can be estimated one vector at a time. */
public interface SignalEstimates {

  /**
   * Binds a query vector to the codes of a field, for one thread.
   *
   * @return null where this segment has no codes for the field, or they cannot stand for this query
   */
  Estimator estimator(String field, float[] target) throws IOException;

  /** One query vector and the codes of a segment. */
  interface Estimator {

    /** Number of vectors. */
    int size();

    /**
     * An inner product, a cosine, or a squared distance with its sign turned: what the similarity
     * of the field compares, as the code of this ordinal has it. Allocates nothing.
     */
    float estimate(int ord) throws IOException;
  }
}
