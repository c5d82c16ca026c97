/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.QueryTimeout;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;

/**
 * Puts hits in an order in which the first ones differ, by {@link MarginalRelevance}. The relevance
 * of a hit is its score divided by the greatest; a negative score counts as 0.
 *
 * <p>The set of hits stays, and so do the scores by place: the hit that comes second has the score
 * of the one that was second. Scores so go on falling, hits of other shards are merged with them as
 * before, and a lambda of 1 changes nothing at all.
 *
 * @param lambda 0 (only unlikeness counts) to 1 (only relevance counts)
 * @param candidates the first so many hits are chosen from; the others stay where they are
 * @param places the first so many places are filled by choice; candidates left over follow in their
 *     order
 */
public record Diversification(
    String field, VectorSpace space, double lambda, int candidates, int places) {

  public Diversification {
    if (!(lambda >= 0 && lambda <= 1)) {
      throw new IllegalArgumentException("lambda must be between 0 and 1, got " + lambda);
    }
    if (places < 1 || places > candidates) {
      throw new IllegalArgumentException(
          "places must be between 1 and the candidates " + candidates + ", got " + places);
    }
  }

  /**
   * Orders hits. Past the searcher's timeout the places that are left keep their order.
   *
   * @param hits by descending score; not changed
   */
  public Diversified apply(IndexSearcher searcher, TopDocs hits) throws IOException {
    ScoreDoc[] before = hits.scoreDocs;
    int count = Math.min(candidates, before.length);
    double[] relevance = new double[count];
    for (int i = 0; i < count; i++) {
      relevance[i] = relevance(before[i].score, before[0].score);
    }
    MarginalRelevance.Likeness likeness =
        lambda == 1
            ? (a, b) -> 0
            : HitVectors.read(searcher.getLeafContexts(), field, space, before, count);
    QueryTimeout timeout = searcher.getTimeout();
    List<MarginalRelevance.Choice> choices =
        new MarginalRelevance(relevance, likeness, lambda)
            .choose(places, () -> timeout != null && timeout.shouldExit());

    ScoreDoc[] after = new ScoreDoc[before.length];
    List<Placement> placements = new ArrayList<>();
    boolean[] placed = new boolean[count];
    for (MarginalRelevance.Choice choice : choices) {
      int place = placements.size();
      placed[choice.candidate()] = true;
      after[place] = at(before, place, choice.candidate());
      placements.add(
          new Placement(
              after[place],
              place,
              relevance[choice.candidate()],
              choice.likeness(),
              choice.likestPlace()));
    }
    int place = choices.size();
    for (int i = 0; i < before.length; i++) {
      if (i >= count || !placed[i]) {
        after[place] = at(before, place, i);
        place++;
      }
    }
    return new Diversified(new TopDocs(hits.totalHits, after), placements);
  }

  /** Of infinite scores each counts as 1. */
  private static double relevance(float score, float greatest) {
    return score >= greatest && score > 0 ? 1 : score > 0 ? (double) score / greatest : 0;
  }

  /** A hit, with the score of its new place. */
  private static ScoreDoc at(ScoreDoc[] before, int place, int hit) {
    return new ScoreDoc(before[hit].doc, before[place].score, before[hit].shardIndex);
  }

  /**
   * Hits in their new order.
   *
   * @param chosen the places that were filled by choice, from the first
   */
  public record Diversified(TopDocs hits, List<Placement> chosen) {}

  /**
   * Why a hit has its place.
   *
   * @param hit with the score of the place
   * @param place from 0
   * @param relevance its own, 0 to 1
   * @param likeness the largest to a hit of an earlier place, 0 to 1
   * @param likestPlace the place of that hit, from 0; -1 if it is like none
   */
  public record Placement(
      ScoreDoc hit, int place, double relevance, double likeness, int likestPlace) {}
}
