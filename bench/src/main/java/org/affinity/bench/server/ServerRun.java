/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.affinity.bench.ann.GroundTruth;
import org.affinity.bench.ann.VectorSet;
import org.affinity.bench.report.Numbers;

/**
 * Measures all contestants on one set: builds, then recall, which warms the servers up, then
 * rounds, in each of which every setting is asked once with each number of clients, in an order
 * drawn anew.
 */
final class ServerRun {

  /** So many vectors are indexed and merged by all before anything is timed. */
  private static final int WARM_UP = 5000;

  private final Map<Contestant.Side, Node> nodes;
  private final List<Contestant> contestants;
  private final int builds;
  private final int rounds;
  private final List<Integer> clients;
  private final boolean nativeCode;
  private final Random order;
  private final Consumer<String> progress;

  private final List<ServerResult.Index> indices = new ArrayList<>();
  private final List<ServerResult.Point> points = new ArrayList<>();
  private final List<ServerResult.Refusal> refusals = new ArrayList<>();

  /**
   * A run over several sets.
   *
   * @param clients how many ask at once
   * @param nativeCode whether the peer has its native library
   */
  ServerRun(
      Map<Contestant.Side, Node> nodes,
      List<Contestant> contestants,
      int builds,
      int rounds,
      List<Integer> clients,
      boolean nativeCode,
      long seed,
      Consumer<String> progress) {
    this.nodes = nodes;
    this.contestants = contestants;
    this.builds = builds;
    this.rounds = rounds;
    this.clients = clients;
    this.nativeCode = nativeCode;
    this.order = new Random(seed);
    this.progress = progress;
  }

  /** Measures a set; its indices are deleted at the end. */
  void measure(VectorSet set) throws IOException, InterruptedException {
    List<ServedIndex> made = new ArrayList<>();
    try {
      measure(set, made);
    } catch (IOException | RuntimeException e) {
      for (ServedIndex index : made) {
        try {
          index.drop();
        } catch (IOException again) {
          e.addSuppressed(again);
        }
      }
      throw e;
    }
    for (ServedIndex index : made) {
      index.drop();
    }
  }

  /** Names every index before it makes it. */
  private void measure(VectorSet set, List<ServedIndex> made)
      throws IOException, InterruptedException {
    List<ServedIndex> served = new ArrayList<>();
    for (Contestant contestant : contestants) {
      ServedIndex index = new ServedIndex(nodes.get(contestant.side()), contestant, set);
      progress.accept(set.name() + ": warming up " + contestant.label());
      made.add(index);
      try {
        index.build(Math.min(WARM_UP, set.base().size()));
        served.add(index);
      } catch (Node.RefusedException e) {
        refusals.add(
            new ServerResult.Refusal(
                set.name(),
                contestant.label(),
                contestant.definition(set.dimension(), set.space()),
                e.getMessage()));
      }
    }
    build(set, served);
    search(set, served);
  }

  private void build(VectorSet set, List<ServedIndex> served)
      throws IOException, InterruptedException {
    Map<Contestant, List<ServedIndex.Build>> done = new EnumMap<>(Contestant.class);
    for (int round = 0; round < builds; round++) {
      List<ServedIndex> shuffled = new ArrayList<>(served);
      Collections.shuffle(shuffled, order);
      for (ServedIndex index : shuffled) {
        progress.accept(set.name() + ": building " + index.contestant().label());
        done.computeIfAbsent(index.contestant(), any -> new ArrayList<>())
            .add(index.build(set.base().size()));
      }
    }
    for (ServedIndex index : served) {
      List<ServedIndex.Build> times = done.get(index.contestant());
      ServedIndex.Size size = index.size();
      indices.add(
          new ServerResult.Index(
              set.name(),
              index.contestant().label(),
              index.contestant().side(),
              set.base().size(),
              set.dimension(),
              set.space().name(),
              builds,
              median(times, ServedIndex.Build::ingestSeconds),
              median(times, ServedIndex.Build::ingestCpuSeconds),
              times.stream().mapToInt(ServedIndex.Build::segments).min().orElseThrow(),
              median(times, ServedIndex.Build::mergeSeconds),
              median(times, ServedIndex.Build::mergeCpuSeconds),
              size.bytes(),
              size.files(),
              size.kinds()));
    }
  }

  /** A setting to measure with so many clients. */
  private record Task(
      ServedIndex index,
      String setting,
      Found found,
      int clients,
      List<String> searches,
      List<Pass> passes) {}

  /** The recall of a setting, and the fewest hits of a query. */
  private record Found(double recall, int fewestHits) {}

  private void search(VectorSet set, List<ServedIndex> served)
      throws IOException, InterruptedException {
    GroundTruth truth = GroundTruth.of(set);
    List<Task> tasks = new ArrayList<>();
    for (ServedIndex index : served) {
      if (index.contestant().needsNativeCode() && !nativeCode) {
        refusals.add(
            new ServerResult.Refusal(
                set.name(),
                index.contestant().label(),
                index.contestant().definition(set.dimension(), set.space()),
                "built, but not searched: that takes the plugin's native library, without which"
                    + " the first search ends the server"));
        continue;
      }
      progress.accept(set.name() + ": recall of " + index.contestant().label());
      for (String setting : index.contestant().settings()) {
        List<String> searches = index.searches(setting);
        Found found = find(set, truth, index, searches);
        for (int count : clients) {
          tasks.add(new Task(index, setting, found, count, searches, new ArrayList<>()));
        }
      }
    }
    for (int round = 0; round < rounds; round++) {
      progress.accept(set.name() + ": round " + (round + 1) + " of " + rounds);
      List<Task> shuffled = new ArrayList<>(tasks);
      Collections.shuffle(shuffled, order);
      for (Task task : shuffled) {
        task.passes().add(Pass.run(task.index(), task.searches(), task.clients()));
      }
    }
    for (Task task : tasks) {
      points.add(point(set, task));
    }
  }

  private static Found find(
      VectorSet set, GroundTruth truth, ServedIndex index, List<String> searches)
      throws IOException, InterruptedException {
    int[] hits = new int[Contestant.K];
    float[] row = new float[set.dimension()];
    long right = 0;
    int fewest = Contestant.K;
    for (int q = 0; q < searches.size(); q++) {
      int count = ServedIndex.rows(index.search(searches.get(q)), hits);
      right += truth.right(set, q, Contestant.K, hits, count, row);
      fewest = Math.min(fewest, count);
    }
    int possible = Math.min(Contestant.K, set.base().size());
    return new Found(right / ((double) possible * searches.size()), fewest);
  }

  private static ServerResult.Point point(VectorSet set, Task task) {
    long[] all =
        task.passes().stream()
            .flatMapToLong(pass -> Arrays.stream(pass.nanos()))
            .sorted()
            .toArray();
    Contestant contestant = task.index().contestant();
    return new ServerResult.Point(
        set.name(),
        contestant.label(),
        contestant.side(),
        task.setting(),
        task.clients(),
        task.found().recall(),
        task.found().fewestHits(),
        Pass.requestsPerSecond(task.passes()),
        all[all.length / 2] / 1e6,
        all[(int) (all.length * 0.99)] / 1e6,
        Pass.cpuMicros(task.passes()));
  }

  private static <T> double median(List<T> values, ToDoubleFunction<T> figure) {
    return Numbers.median(values.stream().mapToDouble(figure).toArray());
  }

  ServerResult result(Map<String, Object> run) {
    return new ServerResult(run, indices, points, refusals);
  }
}
