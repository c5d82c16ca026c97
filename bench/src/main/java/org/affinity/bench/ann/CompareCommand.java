/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.affinity.bench.report.Numbers;
import picocli.CommandLine;

/**
 * Says what is better and worse in one result than in another. Speeds and times are compared as
 * ratios to Lucene's float HNSW in their own run, since absolute ones say nothing across runs.
 */
@CommandLine.Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "What got better or worse from one result of \"ann\" to another.")
public final class CompareCommand implements Callable<Integer> {

  @CommandLine.Parameters(index = "0", paramLabel = "A", description = "The earlier JSON.")
  private Path before;

  @CommandLine.Parameters(index = "1", paramLabel = "B", description = "The later JSON.")
  private Path after;

  @CommandLine.Option(
      names = "--threshold",
      defaultValue = "5",
      description = "Percent from which a change is told; of recall, a tenth of it in points.")
  private double threshold;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private final List<String> better = new ArrayList<>();
  private final List<String> worse = new ArrayList<>();
  private int compared;

  @Override
  public Integer call() {
    AnnResult a = ResultFile.read(before, spec.commandLine());
    AnnResult b = ResultFile.read(after, spec.commandLine());
    for (AnnResult.Index index : b.indices()) {
      a.index(index.data(), index.candidate()).ifPresent(earlier -> compare(a, earlier, b, index));
    }
    for (AnnResult.Index index : a.indices()) {
      if (b.sets().contains(index.data()) && b.index(index.data(), index.candidate()).isEmpty()) {
        compared++;
        worse.add(index.data() + ", " + index.candidate() + ": is not there any more");
      }
    }
    PrintWriter writer = spec.commandLine().getOut();
    print(writer, "Better", better);
    print(writer, "Worse", worse);
    writer.printf(
        Locale.ROOT,
        "%d figures in both, %d better, %d worse.%n",
        compared,
        better.size(),
        worse.size());
    writer.flush();
    return 0;
  }

  private void compare(AnnResult a, AnnResult.Index x, AnnResult b, AnnResult.Index y) {
    String what = y.data() + ", " + y.candidate() + ": ";
    if (!y.candidate().equals(Candidates.BASE)) {
      for (double recall : new double[] {0.9, 0.95, 0.98, 0.99}) {
        ratio(
            what + "q/s over " + Candidates.BASE + " at recall@10 " + recall,
            a.speedOverBase(x.data(), x.candidate(), 10, recall),
            b.speedOverBase(y.data(), y.candidate(), 10, recall),
            true);
      }
      ratio(
          what + "q/s over " + Candidates.BASE + " at recall@100 0.95",
          a.speedOverBase(x.data(), x.candidate(), 100, 0.95),
          b.speedOverBase(y.data(), y.candidate(), 100, 0.95),
          true);
      ratio(
          what + "p99 over base by default",
          byDefault(a, x, null, AnnResult.Point::p99Micros),
          byDefault(b, y, null, AnnResult.Point::p99Micros),
          false);
      ratio(what + "build over base", build(a, x), build(b, y), false);
      for (String pieces : List.of(MergeRun.EIGHT, MergeRun.TAIL)) {
        ratio(
            what + "merge of " + pieces,
            a.mergeOverBase(x.data(), x.candidate(), pieces),
            b.mergeOverBase(y.data(), y.candidate(), pieces),
            false);
      }
    }
    ratio(what + "hot bytes per vector", x.searchedBytes(), y.searchedBytes(), false);
    ratio(what + "heap", heapMegabytes(x), heapMegabytes(y), false);
    recall(what + "recall@10 by default", a, b, y, null);
    for (Filter filter : Filter.ALL) {
      String under = ", " + filter.term() + " %";
      recall(what + "recall@10 by default" + under, a, b, y, filter.term());
      ratio(
          what + "q/s over " + Candidates.BASE + " by default" + under,
          byDefault(a, x, filter.term(), AnnResult.Point::queriesPerSecond),
          byDefault(b, y, filter.term(), AnnResult.Point::queriesPerSecond),
          true);
    }
  }

  /** A figure of default settings over that of the base. */
  private static double byDefault(
      AnnResult result,
      AnnResult.Index index,
      String filter,
      ToDoubleFunction<AnnResult.Point> figure) {
    Optional<AnnResult.Point> its = result.byDefault(index.data(), index.candidate(), filter, 10);
    Optional<AnnResult.Point> base = result.byDefault(index.data(), Candidates.BASE, filter, 10);
    return its.isEmpty() || base.isEmpty()
        ? Double.NaN
        : figure.applyAsDouble(its.get()) / figure.applyAsDouble(base.get());
  }

  /** Less than one is noise of the collector. */
  private static double heapMegabytes(AnnResult.Index index) {
    return Math.max(1, index.heapBytes() / 1e6);
  }

  private static double build(AnnResult result, AnnResult.Index index) {
    return result
        .index(index.data(), Candidates.BASE)
        .map(base -> index.buildCpuSeconds() / base.buildCpuSeconds())
        .orElse(Double.NaN);
  }

  private void ratio(String what, double x, double y, boolean moreIsBetter) {
    if (Double.isNaN(x) || Double.isNaN(y)) {
      if (Double.isNaN(x) != Double.isNaN(y)) {
        compared++;
        (Double.isNaN(y) ? worse : better)
            .add(what + ": " + Numbers.plain(x) + " → " + Numbers.plain(y));
      }
      return;
    }
    compared++;
    double change = 100 * (y / x - 1);
    if (Math.abs(change) >= threshold) {
      (change > 0 == moreIsBetter ? better : worse)
          .add(
              String.format(
                  Locale.ROOT,
                  "%s: %s → %s (%+.0f %%)",
                  what,
                  Numbers.plain(x),
                  Numbers.plain(y),
                  change));
    }
  }

  private void recall(String what, AnnResult a, AnnResult b, AnnResult.Index index, String filter) {
    Optional<AnnResult.Point> x = a.byDefault(index.data(), index.candidate(), filter, 10);
    Optional<AnnResult.Point> y = b.byDefault(index.data(), index.candidate(), filter, 10);
    if (x.isPresent() && y.isPresent()) {
      compared++;
      double change = y.get().recall() - x.get().recall();
      if (Math.abs(change) >= threshold / 1000) {
        (change > 0 ? better : worse)
            .add(
                what
                    + ": "
                    + Numbers.recall(x.get().recall())
                    + " → "
                    + Numbers.recall(y.get().recall()));
      }
    }
  }

  private static void print(PrintWriter writer, String head, List<String> lines) {
    if (!lines.isEmpty()) {
      writer.println(head + ":");
      lines.forEach(line -> writer.println("  " + line));
    }
  }
}
