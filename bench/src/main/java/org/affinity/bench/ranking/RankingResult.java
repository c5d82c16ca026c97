/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a run measured.
 *
 * @param run where and on what
 */
record RankingResult(Map<String, Object> run, List<Data> sets) {

  /** What must be the same in results that are joined. */
  private static final List<String> SAME =
      List.of("commit", "seed", "permutations", "mostQueries", "mostTuning");

  /** The data sets of several results of one commit, one seed and one number of queries. */
  static RankingResult join(Map<String, Object> run, List<RankingResult> results)
      throws IOException {
    RankingResult joined = new RankingResult(run, new ArrayList<>());
    for (RankingResult result : results) {
      for (String same : SAME) {
        if (!String.valueOf(run.get(same)).equals(String.valueOf(result.run().get(same)))) {
          throw new IOException(
              "results of another "
                  + same
                  + " cannot be joined: "
                  + result.run().get(same)
                  + ", not "
                  + run.get(same));
        }
      }
      for (Data data : result.sets()) {
        joined.refuse(data.name());
        joined.sets().add(data);
      }
    }
    return joined;
  }

  /** Throws if a data set of this name is here already. */
  void refuse(String name) throws IOException {
    if (sets.stream().anyMatch(data -> data.name().equals(name))) {
      throw new IOException("the data set " + name + " would be twice in the result");
    }
  }

  /**
   * One data set.
   *
   * @param neutral queries of which a blend of weight 0 gave the plain query's hits and scores
   */
  record Data(
      String name, String about, int items, int tuning, int judged, int neutral, List<Row> rows) {

    /** The row of a name, or null. */
    Row row(String name) {
      return rows.stream().filter(row -> row.name().equals(name)).findFirst().orElse(null);
    }
  }

  /**
   * One contender.
   *
   * @param weights chosen, for each fold
   * @param overBm25 p that the difference in NDCG@10 from BM25's is chance; null for itself
   * @param overPopularity the same, from the popularity prior's; null where there is none
   * @param overCooccurrence the same, from co-occurrence's
   * @param overBoth the same, from that of co-occurrence with popularity
   * @param medianMillis of a search, HTTP and what the client does included
   * @param bytesPerItem of vectors, codes or tables
   */
  record Row(
      String name,
      List<Weights> weights,
      Quality quality,
      Double overBm25,
      Double overPopularity,
      Double overCooccurrence,
      Double overBoth,
      double medianMillis,
      double p99Millis,
      double bytesPerItem,
      List<Part> parts) {

    /** NDCG@10 of a part; NaN if there is none. */
    double ndcg(String by, String group) {
      return parts.stream()
          .filter(part -> part.by().equals(by) && part.group().equals(group))
          .mapToDouble(Part::ndcg10)
          .findFirst()
          .orElse(Double.NaN);
    }
  }

  /** Some of the queries. */
  record Part(String by, String group, int queries, double ndcg10) {}
}
