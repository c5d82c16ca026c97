/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import java.util.List;
import java.util.function.UnaryOperator;
import org.affinity.bench.ranking.RankingSet.JudgedQuery;

/**
 * One way to rank.
 *
 * @param name of its row
 * @param grid settings to choose from on tuning queries; null to take what {@code like} got
 * @param like the name of an earlier contender, or null
 * @param maker makes searches
 * @param bytesPerItem of vectors, codes or tables
 */
record Contender(String name, List<Weights> grid, String like, Maker maker, double bytesPerItem) {

  /** Makes the search of a query for so many hits. */
  interface Maker {
    Search search(JudgedQuery query, Weights weights, int size);
  }

  /**
   * What is sent, and what the client does with the answer.
   *
   * @param body of the request
   * @param after makes the final order of the hits
   */
  record Search(String body, UnaryOperator<List<Hit>> after) {

    /** A search whose answer is final. */
    static Search of(String body) {
      return new Search(body, UnaryOperator.identity());
    }
  }
}
