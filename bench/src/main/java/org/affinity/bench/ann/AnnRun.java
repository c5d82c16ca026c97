/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Measures set after set and collects what came out. */
final class AnnRun {

  /** Some peers go through half of their graph for a filter that lets little pass. */
  private static final int FILTERED_QUERIES = 200;

  private final WorkFolder work;
  private final Pattern only;
  private final Set<AnnCommand.Part> parts;
  private final int rounds;
  private final long seed;

  private final List<AnnResult.Index> indices = new ArrayList<>();
  private final List<AnnResult.Point> points = new ArrayList<>();
  private final List<AnnResult.Merge> merges = new ArrayList<>();
  private final List<AnnResult.Cold> cold = new ArrayList<>();

  AnnRun(WorkFolder work, Pattern only, Set<AnnCommand.Part> parts, int rounds, long seed) {
    this.work = work;
    this.only = only;
    this.parts = parts;
    this.rounds = rounds;
    this.seed = seed;
  }

  AnnResult result(Map<String, Object> run) {
    return new AnnResult(run, indices, points, merges, cold);
  }

  void measure(VectorSet set) throws IOException, InterruptedException {
    List<Candidate> candidates = Candidates.on(set, only);
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("no candidate's name matches " + only);
    }
    GroundTruth truth = GroundTruth.of(set, null, null);
    List<FilteredRows> filters = new ArrayList<>();
    for (Filter filter : Filter.ALL) {
      filters.add(new FilteredRows(filter, filter.eligible(set)));
    }
    Map<Candidate, BuiltIndex> open = new LinkedHashMap<>();
    Map<Candidate, WorkFolder.Built> built = new LinkedHashMap<>();
    try {
      try (Progress progress = new Progress("build " + set.name(), candidates.size())) {
        for (Candidate candidate : candidates) {
          progress.step(candidate.name());
          built.put(candidate, work.index(set, candidate, filters));
        }
      }
      for (Map.Entry<Candidate, WorkFolder.Built> each : built.entrySet()) {
        open.put(each.getKey(), openMeasured(set, each.getKey(), each.getValue()));
      }
      if (parts.contains(AnnCommand.Part.SWEEP)) {
        Sweep sweep = new Sweep(set, rounds, seed);
        for (Map.Entry<Candidate, BuiltIndex> each : open.entrySet()) {
          boolean one = each.getKey().side() == Candidate.Side.SCAN;
          sweep.add(each.getKey().name(), each.getValue(), null, truth, one);
        }
        points.addAll(sweep.run());
      }
      if (parts.contains(AnnCommand.Part.FILTER)) {
        filtered(set, open, filters);
      }
    } finally {
      for (BuiltIndex index : open.values()) {
        index.close();
      }
    }
    if (parts.contains(AnnCommand.Part.COLD) && PageCache.isSupported()) {
      PageCache cache = new PageCache();
      for (Map.Entry<Candidate, WorkFolder.Built> each : built.entrySet()) {
        if (each.getKey() instanceof LuceneCandidate candidate) {
          cold.add(ColdRun.run(set, candidate, each.getValue().folder(), truth, cache));
        }
      }
    }
    for (Candidate candidate : candidates) {
      work.done(set, candidate);
    }
    if (parts.contains(AnnCommand.Part.MERGE)) {
      merge(set, candidates, truth);
    }
  }

  /** Opens an index, asks all queries once, and sees what that holds on the heap. */
  private BuiltIndex openMeasured(VectorSet set, Candidate candidate, WorkFolder.Built built)
      throws IOException {
    long before = Stopwatch.heap();
    BuiltIndex index = candidate.open(set, built.folder());
    try (BuiltIndex.Searcher searcher = index.searcher(index.forms().get(0))) {
      Pass.run(
          new Pass.Request(set, set.queries().size(), null, 10, BuiltIndex.Searcher.DEFAULT),
          searcher);
    }
    long heap = Math.max(0, Stopwatch.heap() - before);
    Map<String, Double> bytes = new TreeMap<>();
    index.bytes().forEach((kind, sum) -> bytes.put(kind, sum / (double) set.base().size()));
    indices.add(
        new AnnResult.Index(
            set.name(),
            candidate.name(),
            candidate.side(),
            set.base().size(),
            set.dimension(),
            built.work().cpuSeconds(),
            built.work().wallSeconds(),
            bytes,
            heap));
    return index;
  }

  private void filtered(VectorSet all, Map<Candidate, BuiltIndex> open, List<FilteredRows> filters)
      throws IOException, InterruptedException {
    VectorSet set = all.withQueries(FILTERED_QUERIES);
    Sweep sweep = new Sweep(set, Math.max(1, rounds / 2), seed);
    for (FilteredRows filter : filters) {
      GroundTruth truth = GroundTruth.of(set, filter.filter(), filter.eligible());
      for (Map.Entry<Candidate, BuiltIndex> each : open.entrySet()) {
        boolean one = each.getKey().side() != Candidate.Side.PEER;
        sweep.add(each.getKey().name(), each.getValue(), filter, truth, one);
      }
    }
    points.addAll(sweep.run());
  }

  private void merge(VectorSet set, List<Candidate> candidates, GroundTruth truth)
      throws IOException {
    try (Progress progress = new Progress("merge " + set.name(), candidates.size())) {
      for (Candidate candidate : candidates) {
        progress.step(candidate.name());
        if (Candidates.isMerged(candidate, set, only)) {
          // Again, since the index may be one of an earlier run.
          MergeRun.warmUp(set, candidate, work);
          merges.addAll(MergeRun.run(set, (MergeableCandidate) candidate, truth, work));
        }
      }
    }
  }
}
