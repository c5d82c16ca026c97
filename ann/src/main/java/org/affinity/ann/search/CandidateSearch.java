/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import org.apache.lucene.search.knn.KnnSearchStrategy;

/**
 * Tells a format that its caller rescores: approximate scores of the best k will do. Without it our
 * formats rescore themselves, so that plain Lucene queries get exact scores.
 */
public final class CandidateSearch extends KnnSearchStrategy.Hnsw {

  /**
   * @param filteredSearchThreshold percentage of eligible documents below which a graph search
   *     skips the others
   */
  public CandidateSearch(int filteredSearchThreshold) {
    super(filteredSearchThreshold);
  }
}
