/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.QueryTimeout;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.TimeLimitingKnnCollectorManager;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.BitSet;
import org.apache.lucene.util.Bits;

/**
 * One segment's part of a {@link NearestQuery}: approximate candidates rescored on raw floats, or
 * every eligible vector where that is cheaper or where the index did not give enough. Past its
 * timeout it stops with what it has.
 *
 * <p>With parents it looks for k of those, each by its best child: for more candidates, if the
 * first were children of too few, and in the end for the best of all children of the parents found.
 *
 * @param eligible matches the documents that may be found; null for all
 * @param parents null where every document stands for itself
 * @param timeout null for none
 */
record LeafNearestSearch(
    String field,
    VectorSpace space,
    Targets targets,
    int k,
    AnnSearchStrategy strategy,
    Weight eligible,
    ParentDocs parents,
    QueryTimeout timeout) {

  /** So few eligible vectors are compared one by one: cheaper than any index. */
  static final int EXACT_THRESHOLD = 4096;

  /** So few eligible vectors per candidate, too. */
  private static final int EXACT_PER_CANDIDATE = 32;

  /**
   * Below this share (in percent) of eligible documents a graph search skips the others. Where half
   * are eligible, walking through the others costs no more at equal recall and finds more (GloVe,
   * default settings: .99 instead of .97).
   */
  private static final int FILTERED_SEARCH_THRESHOLD = 25;

  /** How many times more candidates are looked for where the first had too few parents. */
  private static final int WIDENING = 4;

  /** More candidates than one vector in so many: comparing all of them is cheaper. */
  private static final int MOST = 4;

  /**
   * At most k hits, best first, by global document number.
   *
   * @param work by method
   * @param eligible documents that passed the filter
   * @param stopped past its timeout, so there may be more
   */
  record Result(
      ScoreDoc[] hits, Map<String, SearchPlan.Work> work, long eligible, boolean stopped) {
    static final Result NONE = new Result(new ScoreDoc[0], Map.of(), 0, false);
  }

  /** What the index gave for one target, by the segment's own document numbers. */
  private record Found(
      int[] docs, ScoreDoc[] collected, CandidateSearch how, long visited, boolean enough) {}

  Result search(LeafReaderContext leaf) throws IOException {
    ExactVectors vectors = vectors(leaf);
    if (vectors == null) {
      return Result.NONE;
    }
    BitSet parentDocs = null;
    if (parents != null) {
      parentDocs = parents.of(leaf);
      if (parentDocs == null) {
        return Result.NONE;
      }
    }
    Bits liveDocs = leaf.reader().getLiveDocs();
    int maxDoc = leaf.reader().maxDoc();
    Deadline deadline = new Deadline(timeout);
    AcceptDocs accepted = AcceptDocs.fromLiveDocs(liveDocs, maxDoc);
    if (eligible != null) {
      Scorer scorer = eligible.scorer(leaf);
      if (scorer == null) {
        return Result.NONE;
      }
      accepted =
          AcceptDocs.fromIteratorSupplier(
              () -> deadline.limit(scorer.iterator()), liveDocs, maxDoc);
    }
    Search search = new Search(leaf, parentDocs, accepted, deadline);
    if (!strategy.exact() && search.approximate(vectors.size())) {
      return search.result();
    }
    search.scan(vectors.docs(), liveDocs);
    return search.result();
  }

  private ExactVectors vectors(LeafReaderContext leaf) throws IOException {
    return ExactVectors.of(leaf.reader(), field, space, targets);
  }

  /** What is found and counted on the way. */
  private final class Search {
    private final LeafReaderContext leaf;
    private final BitSet parentDocs;
    private final AcceptDocs accepted;
    private final Deadline deadline;
    private final Map<String, SearchPlan.Work> work = new TreeMap<>();
    private ScoreDoc[] hits = new ScoreDoc[0];
    private long passed;

    Search(LeafReaderContext leaf, BitSet parentDocs, AcceptDocs accepted, Deadline deadline) {
      this.leaf = leaf;
      this.parentDocs = parentDocs;
      this.accepted = accepted;
      this.deadline = deadline;
    }

    Result result() {
      for (ScoreDoc hit : hits) {
        hit.doc += leaf.docBase;
      }
      return new Result(hits, work, passed, deadline.wasOver());
    }

    /** Returns false where every eligible vector should, or must, be compared instead. */
    boolean approximate(int vectors) throws IOException {
      int wanted = strategy.candidates(k);
      if (vectors <= wanted) {
        return false;
      }
      int visitLimit = Integer.MAX_VALUE;
      if (eligible != null) {
        passed = accepted.cost();
        if (passed <= Math.max(EXACT_THRESHOLD, (long) EXACT_PER_CANDIDATE * wanted)) {
          return false;
        }
        // Past this many visits comparing them all would have been cheaper.
        visitLimit = (int) Math.min(Integer.MAX_VALUE, passed + 1);
      }
      do {
        List<Found> found = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
          found.add(candidates(targets.get(i), wanted, visitLimit));
        }
        boolean over = deadline.isOver();
        if (over || found.stream().allMatch(Found::enough)) {
          Top top = new Top(parentDocs);
          Found first = found.get(0);
          long rescored =
              found.size() == 1 && first.how().exactScores()
                  ? top.addAll(first.collected())
                  : rescore(found, top);
          rescored += parentDocs == null ? 0 : top.addSiblings();
          hits = top.bestFirst();
          count(first.how(), first.visited(), rescored, 1);
          for (Found other : found.subList(1, found.size())) {
            count(other.how(), other.visited(), 0, 0);
          }
          return true;
        }
        found.forEach(one -> count(one.how(), one.visited(), 0, 0));
        wanted = (int) Math.min(Integer.MAX_VALUE, (long) WIDENING * wanted);
      } while (parentDocs != null && wanted <= vectors / MOST);
      return false;
    }

    private Found candidates(float[] target, int wanted, int visitLimit) throws IOException {
      CandidateSearch how =
          new CandidateSearch(FILTERED_SEARCH_THRESHOLD, strategy.nprobes(), parentDocs == null);
      KnnCollector inner = collector(wanted, visitLimit, how);
      KnnCollector collector =
          new TimeLimitingKnnCollectorManager((limit, strategy, context) -> inner, timeout)
              .newCollector(visitLimit, how, leaf);
      leaf.reader().searchNearestVectors(field, target, collector, accepted);
      ScoreDoc[] collected = collector.topDocs().scoreDocs;
      int[] docs = how.documents();
      if (docs == null) {
        docs = Arrays.stream(collected).mapToInt(hit -> hit.doc).toArray();
      }
      boolean enough = docs.length >= k && !inner.earlyTerminated();
      return new Found(docs, collected, how, inner.visitedCount(), enough);
    }

    private KnnCollector collector(int wanted, int visitLimit, CandidateSearch how) {
      return parentDocs == null
          ? new TopKnnCollector(wanted, visitLimit, how)
          : new BestChildrenCollector(wanted, visitLimit, how, parentDocs);
    }

    /** Compares candidates by their raw vectors; returns how many. */
    private long rescore(List<Found> found, Top top) throws IOException {
      int[] docs = found.get(0).docs();
      if (found.size() > 1) {
        docs = found.stream().flatMapToInt(one -> Arrays.stream(one.docs())).distinct().toArray();
      }
      Arrays.sort(docs);
      Comparison comparison = new Comparison(top);
      // What was found in time is worth its scores.
      boolean late = deadline.wasOver();
      for (int doc : docs) {
        if (!late && deadline.isOverAfterOneMore()) {
          break;
        }
        comparison.add(doc);
      }
      return comparison.finish();
    }

    private void count(CandidateSearch how, long visited, long rescored, int segments) {
      work.merge(
          how.method(),
          new SearchPlan.Work(
              segments,
              how.listsProbed(),
              how.reported() ? how.codesScanned() : visited,
              how.rescored() + rescored),
          SearchPlan.Work::plus);
    }

    /** Compares all eligible vectors. */
    void scan(DocIdSetIterator all, Bits liveDocs) throws IOException {
      DocIdSetIterator docs = eligible == null ? all : accepted.iterator();
      Bits live = eligible == null ? liveDocs : null;
      Top top = new Top(parentDocs);
      Comparison comparison = new Comparison(top);
      for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
        if (deadline.isOverAfterOneMore()) {
          break;
        }
        if (live == null || live.get(doc)) {
          comparison.add(doc);
        }
      }
      long compared = comparison.finish();
      hits = top.bestFirst();
      passed = eligible == null ? 0 : compared;
      work.merge(SearchPlan.EXACT, new SearchPlan.Work(1, 0, compared, 0), SearchPlan.Work::plus);
    }

    /** Compares documents in ascending order by their raw vectors, many at a time. */
    private final class Comparison {
      private final Top top;
      private final ExactVectors vectors = vectors(leaf);
      private final int[] docs = new int[SegmentSignals.BATCH];
      private final float[] signals = new float[SegmentSignals.BATCH];
      private int pending;
      private long compared;

      Comparison(Top top) throws IOException {
        this.top = top;
      }

      void add(int doc) throws IOException {
        docs[pending++] = doc;
        if (pending == docs.length) {
          compare();
        }
      }

      /** How many of the documents had a vector. */
      long finish() throws IOException {
        compare();
        return compared;
      }

      private void compare() throws IOException {
        long found = vectors.signals(docs, pending, signals);
        for (; found != 0; found &= found - 1) {
          int i = Long.numberOfTrailingZeros(found);
          top.add(docs[i], space.score(signals[i]));
          compared++;
        }
        pending = 0;
      }
    }

    /** The best hits by the segment's own document numbers: each for itself, or by parents. */
    private final class Top {
      private final TopHits docs;
      private final BestChildren children;

      Top(BitSet parentDocs) {
        docs = parentDocs == null ? new TopHits(k) : null;
        children = parentDocs == null ? null : new BestChildren(k);
      }

      void add(int doc, float score) {
        if (docs != null) {
          docs.add(doc, score);
        } else {
          children.add(BestChildrenCollector.parentOf(doc, parentDocs), doc, score);
        }
      }

      /** Adds hits whose scores are exact; none of them is compared again. */
      long addAll(ScoreDoc[] hits) {
        for (ScoreDoc hit : hits) {
          add(hit.doc, hit.score);
        }
        return 0;
      }

      /** Compares all eligible children of the parents there are; returns how many. */
      long addSiblings() throws IOException {
        ExactVectors vectors = vectors(leaf);
        Bits bits = accepted.bits();
        long compared = 0;
        for (int parent : children.parents()) {
          int doc = parent == 0 ? 0 : parentDocs.prevSetBit(parent - 1) + 1;
          for (; doc < parent; doc++) {
            if (deadline.isOverAfterOneMore()) {
              return compared;
            }
            if ((bits == null || bits.get(doc)) && vectors.advanceExact(doc)) {
              children.add(parent, doc, vectors.score());
              compared++;
            }
          }
        }
        return compared;
      }

      ScoreDoc[] bestFirst() {
        return docs != null ? docs.bestFirst() : children.bestFirst();
      }
    }
  }
}
