/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Times merges of one candidate: eight equal pieces, and a tail of a tenth into the rest. */
final class MergeRun {

  static final String EIGHT = "8 equal";
  static final String TAIL = "10 % tail";

  /** Two pieces of this many vectors in all both have codes. */
  private static final int WARM_UP = 10_000;

  private MergeRun() {}

  /**
   * Lets the compiler see all that building and merging does before either is timed; sets too small
   * for it go without.
   */
  static void warmUp(VectorSet set, Candidate candidate, WorkFolder work) throws IOException {
    if (set.base().size() < WARM_UP) {
      return;
    }
    VectorSet few = set.withBase(WARM_UP);
    Path folder = work.scratch(set);
    try {
      if (candidate instanceof MergeableCandidate mergeable) {
        mergeable.buildPieces(few, List.of(WARM_UP / 2, WARM_UP), folder);
        mergeable.merge(few, folder);
      } else {
        candidate.build(few, List.of(), folder);
      }
    } finally {
      WorkFolder.delete(folder);
    }
  }

  static List<AnnResult.Merge> run(
      VectorSet set, MergeableCandidate candidate, GroundTruth truth, WorkFolder work)
      throws IOException {
    int size = set.base().size();
    List<AnnResult.Merge> merges = new ArrayList<>();
    merges.add(
        run(
            set,
            candidate,
            truth,
            work,
            EIGHT,
            IntStream.rangeClosed(1, 8).map(i -> (int) ((long) size * i / 8)).boxed().toList()));
    merges.add(run(set, candidate, truth, work, TAIL, List.of((int) (size * 0.9), size)));
    return merges;
  }

  private static AnnResult.Merge run(
      VectorSet set,
      MergeableCandidate candidate,
      GroundTruth truth,
      WorkFolder work,
      String name,
      List<Integer> ends)
      throws IOException {
    Path folder = work.scratch(set);
    try {
      candidate.buildPieces(set, ends, folder);
      Stopwatch watch = new Stopwatch();
      candidate.merge(set, folder);
      Stopwatch.Work took = watch.stop();
      try (BuiltIndex merged = candidate.open(set, folder);
          BuiltIndex.Searcher searcher = merged.searcher(merged.forms().get(0))) {
        Recall recall = Recall.of(set, searcher, null, 10, BuiltIndex.Searcher.DEFAULT, truth);
        return new AnnResult.Merge(
            set.name(),
            candidate.name(),
            name,
            took.cpuSeconds(),
            took.wallSeconds(),
            recall.recall());
      }
    } finally {
      WorkFolder.delete(folder);
    }
  }
}
