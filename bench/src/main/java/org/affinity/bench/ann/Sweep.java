/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.affinity.bench.ann.BuiltIndex.Searcher;
import org.affinity.bench.report.Numbers;

/**
 * Measures all points of all candidates on one set: first recall, untimed, which warms up; then
 * rounds, in each of which every point is timed once, in an order drawn anew.
 */
final class Sweep {

  /** Efforts of a search for 10, the same for all. */
  static final int[] EFFORTS = {10, 20, 35, 50, 75, 100, 150, 200, 300, 500, 800};

  /** Efforts of a search for 100. */
  static final int[] DEEP_EFFORTS = {100, 200, 400, 800};

  /** Efforts under a filter. */
  static final int[] FILTERED_EFFORTS = {10, 50, 100, 200, 400, 800};

  /** More effort is not tried once this recall is reached. */
  private static final double ENOUGH = 0.9995;

  /** Seconds: of slow candidates fewer queries are timed, evenly spread. */
  private static final double LONGEST_PASS = 1;

  private static final int FEWEST_TIMED = 50;

  private final VectorSet set;
  private final int rounds;
  private final Random order;
  private final List<Task> tasks = new ArrayList<>();

  Sweep(VectorSet set, int rounds, long seed) {
    this.set = set;
    this.rounds = rounds;
    this.order = new Random(seed);
  }

  /** A point to measure. */
  private static final class Task {
    final String candidate;
    final BuiltIndex index;
    final Form form;
    final Pass.Request request;
    double recall;
    int fewestHits;
    final List<Pass> passes = new ArrayList<>();
    final List<Double> twoThreads = new ArrayList<>();

    Task(String candidate, BuiltIndex index, Form form, Pass.Request request) {
      this.candidate = candidate;
      this.index = index;
      this.form = form;
      this.request = request;
    }
  }

  /** Adds a candidate's points, without a filter or with one; finds their recall. */
  void add(String candidate, BuiltIndex index, FilteredRows filter, GroundTruth truth, boolean one)
      throws IOException {
    for (Form form : index.forms()) {
      try (Searcher searcher = index.searcher(form)) {
        if (form == index.forms().get(0)) {
          addPoint(candidate, index, form, filter, 10, Searcher.DEFAULT, searcher, truth);
        }
        if (one) {
          continue;
        }
        int[] efforts = filter == null ? EFFORTS : FILTERED_EFFORTS;
        for (int effort : efforts) {
          if (addPoint(candidate, index, form, filter, 10, effort, searcher, truth) >= ENOUGH) {
            break;
          }
        }
        for (int effort : filter == null ? DEEP_EFFORTS : new int[0]) {
          if (addPoint(candidate, index, form, filter, 100, effort, searcher, truth) >= ENOUGH) {
            break;
          }
        }
      }
    }
  }

  private double addPoint(
      String candidate,
      BuiltIndex index,
      Form form,
      FilteredRows filter,
      int k,
      int effort,
      Searcher searcher,
      GroundTruth truth)
      throws IOException {
    long cpu = Stopwatch.threadCpu();
    Recall recall = Recall.of(set, searcher, filter, k, effort, truth);
    int queries = set.queries().size();
    double perQuery = (Stopwatch.threadCpu() - cpu) / 1e9 / queries;
    int timed = (int) Math.min(queries, Math.max(FEWEST_TIMED, LONGEST_PASS / perQuery));
    Task task = new Task(candidate, index, form, new Pass.Request(set, timed, filter, k, effort));
    task.recall = recall.recall();
    task.fewestHits = recall.fewestHits();
    tasks.add(task);
    return task.recall;
  }

  /** Times everything that was added. */
  List<AnnResult.Point> run() throws IOException, InterruptedException {
    try (Progress progress =
        new Progress("queries of " + set.name(), (long) rounds * tasks.size())) {
      for (int round = 0; round < rounds; round++) {
        List<Task> shuffled = new ArrayList<>(tasks);
        Collections.shuffle(shuffled, order);
        for (Task task : shuffled) {
          try (Searcher searcher = task.index.searcher(task.form)) {
            task.passes.add(Pass.run(task.request, searcher));
          }
          if (task.request.filter() == null && Runtime.getRuntime().availableProcessors() > 1) {
            task.twoThreads.add(Pass.twoThreads(task.request, task.index, task.form));
          }
          progress.step(task.candidate);
        }
      }
    }
    List<AnnResult.Point> points = new ArrayList<>();
    for (Task task : tasks) {
      points.add(point(task));
    }
    return points;
  }

  private AnnResult.Point point(Task task) {
    int queries = task.request.queries();
    FilteredRows filter = task.request.filter();
    long[] all = new long[queries * rounds];
    for (int round = 0; round < rounds; round++) {
      System.arraycopy(task.passes.get(round).nanos(), 0, all, round * queries, queries);
    }
    Arrays.sort(all);
    return new AnnResult.Point(
        set.name(),
        task.candidate,
        task.form,
        filter == null ? null : filter.filter().term(),
        task.request.k(),
        task.request.effort(),
        task.recall,
        task.fewestHits,
        median(task.passes.stream().map(pass -> queries / pass.cpuSeconds()).toList()),
        median(task.passes.stream().map(pass -> queries / pass.wallSeconds()).toList()),
        task.twoThreads.isEmpty() ? null : median(task.twoThreads),
        all[all.length / 2] / 1e3,
        all[(int) (all.length * 0.99)] / 1e3,
        median(task.passes.stream().map(pass -> pass.allocated() / (double) queries).toList()));
  }

  private static double median(List<Double> values) {
    return Numbers.median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
