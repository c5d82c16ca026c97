/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.affinity.ann.search.Diversification;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TopDocs;
import org.opensearch.search.rescore.RescoreContext;
import org.opensearch.search.rescore.Rescorer;

/** Applies a {@link Diversification} to the hits of a shard. Stateless. */
final class DiversifyRescorer implements Rescorer {

  private static final DiversifyRescorer INSTANCE = new DiversifyRescorer();

  private DiversifyRescorer() {}

  /** What is asked of one shard, and after the search what it came to. For one request. */
  static final class Context extends RescoreContext {

    private final Diversification diversification;

    /**
     * By document. Empty while a page is fetched that another request to the shard has searched:
     * OpenSearch hands on only which documents were rescored.
     */
    private volatile Map<Integer, Diversification.Placement> chosen = Map.of();

    Context(Diversification diversification) {
      super(diversification.candidates(), INSTANCE);
      this.diversification = diversification;
    }
  }

  /** Of an index without the field: nothing changes. */
  static final class Unmapped extends RescoreContext {
    Unmapped(int windowSize) {
      super(windowSize, INSTANCE);
    }
  }

  @Override
  public TopDocs rescore(TopDocs hits, IndexSearcher searcher, RescoreContext rescoring)
      throws IOException {
    if (!(rescoring instanceof Context context) || hits.scoreDocs.length == 0) {
      return hits;
    }
    context.setRescoredDocs(
        Arrays.stream(hits.scoreDocs)
            .limit(context.getWindowSize())
            .map(hit -> hit.doc)
            .collect(Collectors.toSet()));
    Diversification.Diversified found = context.diversification.apply(searcher, hits);
    Map<Integer, Diversification.Placement> chosen = new HashMap<>();
    for (Diversification.Placement placement : found.chosen()) {
      chosen.put(placement.hit().doc, placement);
    }
    context.chosen = Map.copyOf(chosen);
    return found.hits();
  }

  @Override
  public Explanation explain(
      int doc, IndexSearcher searcher, RescoreContext rescoring, Explanation own) {
    if (!(rescoring instanceof Context context) || !context.isRescored(doc)) {
      return own;
    }
    Diversification asked = context.diversification;
    String name = "diversify [" + asked.field() + "], lambda " + asked.lambda();
    Diversification.Placement placement = context.chosen.get(doc);
    if (placement == null) {
      return Explanation.match(
          own.getValue(),
          name + ": the hit has the score of its place; this is the one it came with:",
          own);
    }
    return Explanation.match(
        placement.hit().score,
        name
            + ": the score of place "
            + (placement.place() + 1)
            + " on the shard; the hit came with the score below, which is relevance "
            + (float) placement.relevance()
            + (asked.lambda() == 1 ? "" : ", and is like " + likest(placement)),
        own);
  }

  private static String likest(Diversification.Placement placement) {
    return placement.likestPlace() < 0
        ? "none before it"
        : "place " + (placement.likestPlace() + 1) + " by " + (float) placement.likeness();
  }
}
