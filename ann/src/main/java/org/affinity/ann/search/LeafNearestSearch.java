/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.QueryTimeout;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.TimeLimitingKnnCollectorManager;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.search.Weight;
import org.apache.lucene.search.knn.KnnSearchStrategy;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.PriorityQueue;

/**
 * One segment's part of a {@link NearestQuery}: approximate candidates rescored on raw floats, or
 * every eligible vector where that is cheaper or where the index did not give enough. Past its
 * timeout it stops with what it has.
 *
 * @param eligible matches the documents that may be found; null for all
 * @param timeout null for none
 */
record LeafNearestSearch(
    String field,
    VectorSpace space,
    float[] target,
    int k,
    AnnSearchStrategy strategy,
    Weight eligible,
    QueryTimeout timeout) {

  /** So few eligible vectors are compared one by one: cheaper than any index. */
  static final int EXACT_THRESHOLD = 4096;

  /** Documents looked at between two looks at the clock. */
  private static final int TIMEOUT_INTERVAL = 1024;

  /** Below this share (in percent) of eligible documents a graph search skips the others. */
  private static final KnnSearchStrategy GRAPH_STRATEGY = new CandidateSearch(60);

  /**
   * At most k hits, best first, by global document number.
   *
   * @param visited vectors or codes compared with the target
   * @param rescored candidates rescored on raw floats
   */
  record Result(ScoreDoc[] hits, long visited, long rescored, boolean exact) {
    static final Result NONE = new Result(new ScoreDoc[0], 0, 0, true);
  }

  Result search(LeafReaderContext leaf) throws IOException {
    LeafReader reader = leaf.reader();
    ExactVectors vectors = ExactVectors.of(reader, field, space, target);
    if (vectors == null) {
      return Result.NONE;
    }
    Bits liveDocs = reader.getLiveDocs();
    int candidates = strategy.candidates(k);
    boolean exact = strategy.exact() || vectors.size() <= candidates;
    AcceptDocs accepted = AcceptDocs.fromLiveDocs(liveDocs, reader.maxDoc());
    if (eligible != null) {
      Scorer scorer = eligible.scorer(leaf);
      if (scorer == null) {
        return Result.NONE;
      }
      accepted = AcceptDocs.fromIteratorSupplier(scorer::iterator, liveDocs, reader.maxDoc());
      exact |= accepted.cost() <= Math.max(EXACT_THRESHOLD, 32 * candidates);
    }
    if (!exact) {
      KnnCollector collector =
          new TimeLimitingKnnCollectorManager(
                  (limit, graph, context) -> new TopKnnCollector(candidates, limit, graph), timeout)
              .newCollector(Integer.MAX_VALUE, GRAPH_STRATEGY, leaf);
      reader.searchNearestVectors(field, target, collector, accepted);
      TopDocs found = collector.topDocs();
      if (found.scoreDocs.length >= k) {
        return rescore(found, vectors, collector.visitedCount(), leaf.docBase);
      }
    }
    return eligible == null
        ? scan(vectors.docs(), liveDocs, vectors, leaf.docBase)
        : scan(accepted.iterator(), null, vectors, leaf.docBase);
  }

  private Result rescore(TopDocs found, ExactVectors vectors, long visited, int docBase)
      throws IOException {
    ScoreDoc[] candidates = found.scoreDocs;
    Arrays.sort(candidates, Comparator.comparingInt(hit -> hit.doc));
    TopHits top = new TopHits(k);
    for (ScoreDoc candidate : candidates) {
      if (vectors.advanceExact(candidate.doc)) {
        top.add(candidate.doc + docBase, vectors.score());
      }
    }
    return new Result(top.bestFirst(), visited, candidates.length, false);
  }

  /** Compares all of {@code docs} that are live; {@code liveDocs} is null if they all are. */
  private Result scan(DocIdSetIterator docs, Bits liveDocs, ExactVectors vectors, int docBase)
      throws IOException {
    TopHits top = new TopHits(k);
    long visited = 0;
    int seen = 0;
    for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
      if (seen++ % TIMEOUT_INTERVAL == 0 && timeout != null && timeout.shouldExit()) {
        break;
      }
      if ((liveDocs == null || liveDocs.get(doc)) && vectors.advanceExact(doc)) {
        top.add(doc + docBase, vectors.score());
        visited++;
      }
    }
    return new Result(top.bestFirst(), visited, 0, true);
  }

  /** The k best hits; the earlier document wins a tie. */
  static final class TopHits extends PriorityQueue<ScoreDoc> {
    private final int k;

    TopHits(int k) {
      super(k);
      this.k = k;
    }

    @Override
    protected boolean lessThan(ScoreDoc a, ScoreDoc b) {
      return a.score < b.score || (a.score == b.score && a.doc > b.doc);
    }

    void add(int doc, float score) {
      ScoreDoc hit = new ScoreDoc(doc, score);
      if (size() < k) {
        add(hit);
      } else if (lessThan(top(), hit)) {
        updateTop(hit);
      }
    }

    ScoreDoc[] bestFirst() {
      ScoreDoc[] hits = new ScoreDoc[size()];
      for (int i = hits.length - 1; i >= 0; i--) {
        hits[i] = pop();
      }
      return hits;
    }
  }
}
