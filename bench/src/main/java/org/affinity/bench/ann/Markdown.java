/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.affinity.bench.report.Bar;
import org.affinity.bench.report.Numbers;
import org.affinity.bench.report.Place;

/** The report for people. */
final class Markdown {

  private static final double[] RECALLS = {0.9, 0.95, 0.98, 0.99};

  private final AnnResult result;
  private final StringBuilder text = new StringBuilder();

  private Markdown(AnnResult result) {
    this.result = result;
  }

  static String of(AnnResult result, List<Bar> bars, List<String> charts) {
    Markdown markdown = new Markdown(result);
    markdown.head();
    markdown.bars(bars);
    for (String data : result.sets()) {
      markdown.set(data, charts);
    }
    markdown.growth(charts);
    return markdown.text.toString();
  }

  private void line(String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }

  private void head() {
    line("# Nearest-neighbour search against its peers");
    line("");
    line(
        "One JVM, one segment, the same vectors, queries and exact truth for all; every point is"
            + " timed once a round, in an order drawn anew each round, after 50 queries that are not"
            + " timed; medians of rounds. Builds and merges are timed once. Time is CPU"
            + " time of the thread (build and merge: of the process), so other load on the machine"
            + " matters less, yet only ratios within this run mean anything. Every candidate got a"
            + " sweep of the same efforts, through our query (\"nearest\") and as its own users"
            + " would ask (\"plain\", rescored exactly where codes are lossy): the better counts;"
            + " jvector has one way to be asked. \"Default\" is our query without settings, which asks"
            + " Lucene's graphs for as many candidates as ours; jvector's is ten candidates a hit."
            + " Under cosine the peers index vectors of length 1 by inner product, as their"
            + " documentation advises.");
    line("");
    text.append(Place.list(result.run()));
    line("");
  }

  private void bars(List<Bar> bars) {
    line("## Bars");
    line("");
    text.append(Bar.table(bars));
    line("");
  }

  private void set(String data, List<String> charts) {
    AnnResult.Index any = result.on(data).get(0);
    line("## %s", data);
    line("");
    line("%d vectors of %d dimensions.", any.vectors(), any.dimension());
    for (String chart : charts) {
      if (chart.contains(data + "-")) {
        line("");
        line("![%s](%s)", data, chart);
      }
    }
    line("");
    winners(data);
    line("");
    speed(data);
    line("");
    cost(data);
    line("");
    if (result.points().stream().anyMatch(p -> p.data().equals(data) && p.filter() != null)) {
      filtered(data);
      line("");
    }
    if (result.cold().stream().anyMatch(cold -> cold.data().equals(data))) {
      cold(data);
      line("");
    }
  }

  /** Says who is fastest, first of all where it is a peer. */
  private void winners(String data) {
    List<String> peers = new ArrayList<>();
    StringJoiner ours = new StringJoiner(", ");
    for (double recall : RECALLS) {
      AnnResult.Index best = null;
      double most = 0;
      double second = 0;
      for (AnnResult.Index index : result.on(data)) {
        double value = result.curve(data, index.candidate(), null, 10).at(recall);
        if (value > most) {
          best = index;
          most = value;
        }
        if (index.side() == Candidate.Side.OURS && value > second) {
          second = value;
        }
      }
      if (best != null && best.side() != Candidate.Side.OURS) {
        peers.add(
            String.format(
                Locale.ROOT,
                "at recall %s %s (%s× our best)",
                recall,
                best.candidate(),
                second == 0 ? "∞" : Numbers.plain(most / second)));
      } else if (best != null) {
        ours.add(recall + " " + best.candidate());
      }
    }
    if (!peers.isEmpty()) {
      line("**A peer is faster:** %s.", String.join(", ", peers));
    }
    if (ours.length() > 0) {
      line("Ours is fastest at recall %s.", ours);
    }
  }

  private void speed(String data) {
    line(
        "Queries per second over %s's at the same recall@10 (a dash: not reached); recall and speed"
            + " of default settings.",
        Candidates.BASE);
    line("");
    line(
        "| candidate | .90 | .95 | .98 | .99 | recall@100 .95 | default: recall@10 | q/s | two"
            + " threads over one, wall | p50 µs | p99 µs | allocated KB |");
    line("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (AnnResult.Index index : result.on(data)) {
      StringJoiner cells = new StringJoiner(" | ", "| ", " |");
      cells.add(index.candidate());
      for (double recall : RECALLS) {
        cells.add(Numbers.plain(result.speedOverBase(data, index.candidate(), 10, recall)));
      }
      cells.add(Numbers.plain(result.speedOverBase(data, index.candidate(), 100, 0.95)));
      Optional<AnnResult.Point> found = result.byDefault(data, index.candidate(), null, 10);
      if (found.isPresent()) {
        AnnResult.Point point = found.get();
        cells.add(Numbers.recall(point.recall()));
        cells.add(Numbers.plain(point.queriesPerSecond()));
        cells.add(
            point.twoThreads() == null
                ? "–"
                : Numbers.plain(point.twoThreads() / point.wallQueriesPerSecond()));
        cells.add(Numbers.plain(point.p50Micros()));
        cells.add(Numbers.plain(point.p99Micros()));
        cells.add(Numbers.plain(point.allocatedBytes() / 1e3));
      }
      line("%s", cells);
    }
  }

  private void cost(String data) {
    line("Building and merging over %s's CPU time; bytes per vector; heap.", Candidates.BASE);
    line("");
    line("Merges: in brackets the recall@10 of what came out, by default settings.");
    line("");
    ahead(
        data,
        new TreeMap<>(
            Map.of(
                "build",
                AnnResult.Index::buildCpuSeconds,
                "merge of 8",
                index -> result.mergeOverBase(data, index.candidate(), MergeRun.EIGHT),
                "merge of a tail",
                index -> result.mergeOverBase(data, index.candidate(), MergeRun.TAIL),
                "hot bytes",
                AnnResult.Index::searchedBytes,
                "heap",
                AnnResult.Index::heapBytes)));
    line("| candidate | build | merge of 8 | 10 %% tail | hot bytes | by kind | heap MB |");
    line("| --- | --- | --- | --- | --- | --- | --- |");
    Optional<AnnResult.Index> base = result.index(data, Candidates.BASE);
    for (AnnResult.Index index : result.on(data)) {
      StringJoiner kinds = new StringJoiner(", ");
      index.bytesPerVector().forEach((kind, bytes) -> kinds.add(kind + " " + Numbers.plain(bytes)));
      line(
          "| %s | %s | %s | %s | %s | %s | %s |",
          index.candidate(),
          Numbers.plain(
              base.map(b -> index.buildCpuSeconds() / b.buildCpuSeconds()).orElse(Double.NaN)),
          merge(data, index.candidate(), MergeRun.EIGHT),
          merge(data, index.candidate(), MergeRun.TAIL),
          Numbers.plain(index.searchedBytes()),
          kinds,
          Numbers.plain(index.heapBytes() / 1e6));
    }
  }

  private String merge(String data, String candidate, String pieces) {
    Double recall = result.merge(data, candidate, pieces).map(AnnResult.Merge::recall).orElse(null);
    return Numbers.plain(result.mergeOverBase(data, candidate, pieces))
        + (recall == null ? "" : " (" + Numbers.recall(recall) + ")");
  }

  private void confess(String words, List<String> where) {
    if (!where.isEmpty()) {
      line("**%s:** %s.", words, String.join(", ", where));
      line("");
    }
  }

  /**
   * Says where some peer needs less than every candidate of ours.
   *
   * @param figures by name; NaN where there is none
   */
  private void ahead(String data, Map<String, ToDoubleFunction<AnnResult.Index>> figures) {
    List<String> said = new ArrayList<>();
    figures.forEach(
        (name, figure) -> {
          AnnResult.Index least = least(data, Candidate.Side.PEER, figure);
          AnnResult.Index ours = least(data, Candidate.Side.OURS, figure);
          if (least != null
              && ours != null
              && figure.applyAsDouble(least) < figure.applyAsDouble(ours)) {
            said.add(
                name
                    + " "
                    + least.candidate()
                    + " ("
                    + Numbers.plain(figure.applyAsDouble(least) / figure.applyAsDouble(ours))
                    + " of our least)");
          }
        });
    confess("A peer needs less", said);
  }

  private AnnResult.Index least(
      String data, Candidate.Side side, ToDoubleFunction<AnnResult.Index> figure) {
    return result.on(data).stream()
        .filter(index -> index.side() == side && figure.applyAsDouble(index) >= 0)
        .min(Comparator.comparingDouble(figure))
        .orElse(null);
  }

  private void filtered(String data) {
    line(
        "Filtered, default settings: recall@10 and, in brackets, queries per second over %s's at"
            + " that recall.",
        Candidates.BASE);
    line("");
    fasterFiltered(data);
    StringJoiner head = new StringJoiner(" | ", "| candidate | ", " |");
    StringJoiner rule = new StringJoiner(" | ", "| --- | ", " |");
    for (Filter filter : Filter.ALL) {
      head.add(filter.term() + " %");
      rule.add("---");
    }
    line("%s", head);
    line("%s", rule);
    for (AnnResult.Index index : result.on(data)) {
      StringJoiner cells = new StringJoiner(" | ", "| " + index.candidate() + " | ", " |");
      boolean any = false;
      for (Filter filter : Filter.ALL) {
        Optional<AnnResult.Point> found =
            result.byDefault(data, index.candidate(), filter.term(), 10);
        any |= found.isPresent();
        Curve base = result.curve(data, Candidates.BASE, filter.term(), 10);
        cells.add(
            found
                .map(
                    point ->
                        Numbers.recall(point.recall())
                            + " ("
                            + Numbers.plain(
                                point.queriesPerSecond()
                                    / base.at(Math.min(point.recall(), base.bestRecall())))
                            + ")")
                .orElse("–"));
      }
      if (any) {
        line("%s", cells);
      }
    }
  }

  /** Says under which filters some peer is faster than ours at our recall. */
  private void fasterFiltered(String data) {
    List<String> said = new ArrayList<>();
    for (Filter filter : Filter.ALL) {
      Optional<AnnResult.Point> ours = result.byDefault(data, Candidates.IVF, filter.term(), 10);
      if (ours.isEmpty()) {
        continue;
      }
      for (AnnResult.Index index : result.on(data)) {
        double times =
            index.side() == Candidate.Side.PEER
                ? result.curve(data, index.candidate(), filter.term(), 10).at(ours.get().recall())
                    / ours.get().queriesPerSecond()
                : 0;
        if (times > 1) {
          said.add(filter.term() + " % " + index.candidate() + " (" + Numbers.plain(times) + "×)");
        }
      }
    }
    confess("A peer is faster than " + Candidates.IVF, said);
  }

  private void cold(String data) {
    line(
        "Queries per second of wall time, default settings, over the warm rate: first pass with"
            + " nothing in the page cache; raw vectors out of it before each pass of the queries;"
            + " before each query.");
    line("");
    coldest(data);
    line("| candidate | all cold | raw cold, each pass | raw cold, each query |");
    line("| --- | --- | --- | --- |");
    for (AnnResult.Cold cold : result.cold()) {
      if (cold.data().equals(data)) {
        line(
            "| %s | %s | %s | %s |",
            cold.candidate(),
            Numbers.plain(cold.allCold() / cold.warm()),
            Numbers.plain(cold.rawColdEachPass() / cold.warm()),
            Numbers.plain(cold.rawColdEachQuery() / cold.warm()));
      }
    }
  }

  /** Says which peers keep more of their speed than ours. */
  private void coldest(String data) {
    List<AnnResult.Cold> all =
        result.cold().stream().filter(cold -> cold.data().equals(data)).toList();
    Optional<AnnResult.Cold> ours =
        all.stream().filter(cold -> cold.candidate().equals(Candidates.IVF)).findFirst();
    List<String> said = new ArrayList<>();
    for (AnnResult.Cold cold : all) {
      boolean peer =
          result.index(data, cold.candidate()).orElseThrow().side() == Candidate.Side.PEER;
      if (peer && ours.isPresent() && cold.rawColdEachQuery() > ours.get().rawColdEachQuery()) {
        said.add(
            cold.candidate()
                + " ("
                + Numbers.plain(cold.rawColdEachQuery() / ours.get().rawColdEachQuery())
                + "×)");
      }
    }
    confess(
        "With raw vectors cold before each query a peer is faster than " + Candidates.IVF, said);
  }

  private void growth(List<String> charts) {
    Growth ivf = new Growth(result, Candidates.IVF, 64);
    if (ivf.sizes().size() < 2) {
      return;
    }
    line("## Growth");
    line("");
    for (String chart : charts) {
      if (chart.contains("growth-")) {
        line("![growth](%s)", chart);
        line("");
      }
    }
    line(
        "Exponents in the number of vectors, clustered sets of 64 dimensions: query time at recall@10"
            + " %s, build CPU, hot bytes per vector, heap.",
        Growth.RECALL);
    line("");
    line("| candidate | sizes | query time | build | hot bytes per vector | heap |");
    line("| --- | --- | --- | --- | --- | --- |");
    for (String candidate :
        result.indices().stream().map(AnnResult.Index::candidate).distinct().toList()) {
      Growth growth = new Growth(result, candidate, 64);
      if (growth.sizes().size() >= 2) {
        StringJoiner sizes = new StringJoiner(", ");
        growth.sizes().forEach(index -> sizes.add(Integer.toString(index.vectors())));
        line(
            "| %s | %s | %s | %s | %s | %s |",
            candidate,
            sizes,
            Numbers.plain(growth.exponent(growth::queryMicros)),
            Numbers.plain(growth.exponent(AnnResult.Index::buildCpuSeconds)),
            Numbers.plain(growth.exponent(AnnResult.Index::hotBytes)),
            Numbers.plain(growth.exponent(AnnResult.Index::heapBytes)));
      }
    }
    line("");
  }
}
