/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.affinity.bench.report.Bar;
import org.affinity.bench.report.Numbers;

/** What the project promised, computed from a run. Only ratios within the run are used. */
final class Bars {

  private final AnnResult result;
  private final List<Bar> bars = new ArrayList<>();

  private Bars(AnnResult result) {
    this.result = result;
  }

  static List<Bar> of(AnnResult result) {
    Bars bars = new Bars(result);
    for (String data : result.sets()) {
      bars.speed(data);
      bars.filtered(data);
      bars.merges(data);
      bars.cold(data);
    }
    bars.growth(64);
    return bars.bars;
  }

  private void speed(String data) {
    switch (data) {
      case VectorSets.GLOVE -> {
        faster(data, Candidates.IVF, Candidates.BASE, 0.95, 3);
        faster(data, Candidates.IVF, Candidates.BASE, 0.99, 3);
        faster(data, Candidates.IVF, Candidates.ONE_BIT, 0.95, 5);
        faster(data, Candidates.FLAT, Candidates.BASE, 0.99, 2);
        faster(data, Candidates.HNSW, Candidates.BASE, 0.95, 0.8);
        faster(data, Candidates.HNSW, Candidates.BASE, 0.99, 0.8);
        smaller(data, Candidates.HNSW, 1 / 4.0, "1/4");
      }
      case VectorSets.FASHION -> {
        faster(data, Candidates.IVF, Candidates.BASE, 0.95, 3);
        faster(data, Candidates.IVF, Candidates.BASE, 0.99, 3);
        smaller(data, Candidates.IVF, 1 / 25.0, "1/25");
      }
      case VectorSets.GOODBOOKS -> {
        defaultRecall(data);
        defaultSpeed(data);
      }
      case VectorSets.ICECAT -> defaultRecall(data);
      default -> {
        GeneratedSet generated = GeneratedSet.parse(data);
        boolean million = generated != null && generated.size() == 1_000_000;
        if (million || data.equals(VectorSets.GLOVE_341K)) {
          faster(data, Candidates.IVF, Candidates.BASE, 0.95, 2);
          faster(data, Candidates.IVF, Candidates.BASE, 0.98, 2);
        }
      }
    }
  }

  private void faster(String data, String ours, String peer, double recall, double least) {
    double a = result.curve(data, ours, null, 10).at(recall);
    double b = result.curve(data, peer, null, 10).at(recall);
    String bar =
        ours + ": q/s ≥ " + Numbers.plain(least) + " × " + peer + " at recall@10 " + recall;
    if (Double.isNaN(b) && result.index(data, peer).isPresent() && !Double.isNaN(a)) {
      bars.add(new Bar(data, bar, peer + " does not reach that recall", true));
    } else if (Double.isNaN(a) && result.index(data, ours).isPresent() && !Double.isNaN(b)) {
      bars.add(new Bar(data, bar, ours + " does not reach that recall", false));
    } else {
      bars.add(Bar.atLeast(data, bar, a / b, least));
    }
  }

  private void smaller(String data, String ours, double most, String words) {
    bars.add(
        Bar.atMost(
            data,
            ours + ": hot bytes ≤ " + words + " of " + Candidates.BASE + "'s",
            ratio(data, ours, AnnResult.Index::searchedBytes),
            most));
  }

  private double ratio(
      String data, String ours, java.util.function.ToDoubleFunction<AnnResult.Index> figure) {
    Optional<AnnResult.Index> a = result.index(data, ours);
    Optional<AnnResult.Index> b = result.index(data, Candidates.BASE);
    return a.isEmpty() || b.isEmpty()
        ? Double.NaN
        : figure.applyAsDouble(a.get()) / figure.applyAsDouble(b.get());
  }

  private void defaultRecall(String data) {
    bars.add(
        Bar.atLeast(
            data,
            Candidates.IVF + ": recall@10 ≥ 0.99 with default settings",
            result
                .byDefault(data, Candidates.IVF, null, 10)
                .map(AnnResult.Point::recall)
                .orElse(Double.NaN),
            0.99));
  }

  private void defaultSpeed(String data) {
    bars.add(
        Bar.atLeast(
            data,
            Candidates.IVF
                + " with default settings: q/s ≥ "
                + Candidates.BASE
                + "'s at its recall",
            result
                .byDefault(data, Candidates.IVF, null, 10)
                .map(point -> point.queriesPerSecond() / peerAt(data, null, point.recall()))
                .orElse(Double.NaN),
            1));
  }

  /** The base's speed at a recall; at its own best recall, if that is lower. */
  private double peerAt(String data, String filter, double recall) {
    Curve curve = result.curve(data, Candidates.BASE, filter, 10);
    return curve.at(Math.min(recall, curve.bestRecall()));
  }

  private void filtered(String data) {
    for (String candidate : List.of(Candidates.IVF, Candidates.HNSW)) {
      double recall = Double.NaN;
      double ratio = Double.NaN;
      boolean all = true;
      String hardest = "";
      String slowest = "";
      for (Filter filter : Filter.ALL) {
        Optional<AnnResult.Point> found = result.byDefault(data, candidate, filter.term(), 10);
        if (found.isPresent()) {
          AnnResult.Point point = found.get();
          if (!(recall <= point.recall())) {
            recall = point.recall();
            hardest = filter.term();
          }
          double times = point.queriesPerSecond() / peerAt(data, filter.term(), point.recall());
          if (!(ratio <= times)) {
            ratio = times;
            slowest = filter.term();
          }
          all &= point.fewestHits() >= Math.min(10, eligible(data, filter));
        }
      }
      if (Double.isNaN(recall)) {
        continue;
      }
      bars.add(
          new Bar(
              data,
              candidate + ", filtered, default settings: recall@10 ≥ 0.99 at each",
              Numbers.recall(recall) + " at " + hardest,
              recall >= 0.99));
      bars.add(
          new Bar(
              data,
              candidate + ", filtered: never fewer than k hits",
              all ? "always k" : "fewer",
              all));
      bars.add(
          new Bar(
              data,
              candidate + ", filtered: q/s ≥ " + Candidates.BASE + "'s at that recall, at each",
              Double.isNaN(ratio) ? "–" : Numbers.plain(ratio) + " at " + slowest,
              Double.isNaN(ratio) ? null : ratio >= 1));
    }
  }

  private int eligible(String data, Filter filter) {
    int vectors = result.on(data).get(0).vectors();
    return (int) Math.max(1, Math.round(vectors * filter.percent() / 100));
  }

  private void merges(String data) {
    for (String pieces : List.of(MergeRun.EIGHT, MergeRun.TAIL)) {
      Optional<AnnResult.Merge> ours = result.merge(data, Candidates.IVF, pieces);
      Optional<AnnResult.Merge> base = result.merge(data, Candidates.BASE, pieces);
      if (ours.isPresent() && base.isPresent()) {
        bars.add(
            Bar.atMost(
                data,
                Candidates.IVF + ": merge of " + pieces + " ≤ 0.15 × " + Candidates.BASE + "'s CPU",
                ours.get().cpuSeconds() / base.get().cpuSeconds(),
                0.15));
      }
    }
    if (result.index(data, Candidates.IVF).isPresent()) {
      AnnResult.Index ivf = result.index(data, Candidates.IVF).get();
      if (result.index(data, Candidates.BASE).isPresent()) {
        bars.add(
            Bar.atMost(
                data,
                Candidates.IVF + ": build ≤ 0.25 × " + Candidates.BASE + "'s CPU",
                ratio(data, Candidates.IVF, AnnResult.Index::buildCpuSeconds),
                0.25));
      }
      int code = VectorSets.codeBytes(data, ivf.dimension());
      bars.add(
          Bar.atMost(
              data,
              Candidates.IVF + ": all but raw floats ≤ " + (code + 12) + " bytes per vector",
              ivf.hotBytes(),
              code + 12));
    }
  }

  private void cold(String data) {
    for (AnnResult.Cold cold : result.cold()) {
      if (cold.data().equals(data) && cold.candidate().equals(Candidates.IVF)) {
        double kept = cold.rawColdEachQuery() / cold.warm();
        boolean counts = result.on(data).get(0).vectors() >= 1_000_000;
        String bar = Candidates.IVF + ": ≥ 0.5 of its warm rate with raw floats out of page cache";
        bars.add(
            counts
                ? Bar.atLeast(data, bar + " at 1M", kept, 0.5)
                : new Bar(data, bar + " (asked at 1M)", Numbers.plain(kept), null));
      }
    }
  }

  private void growth(int dimension) {
    Growth growth = new Growth(result, Candidates.IVF, dimension);
    if (growth.sizes().size() < 2) {
      return;
    }
    String data = "clustered, " + dimension + "-d";
    bars.add(
        Bar.atMost(
            data,
            Candidates.IVF + ": exponent of query time in N ≤ 0.55 at recall@10 " + Growth.RECALL,
            growth.exponent(growth::queryMicros),
            0.55));
    bars.add(
        Bar.atMost(
            data,
            Candidates.IVF + ": exponent of build CPU in N ≤ 1.1",
            growth.exponent(AnnResult.Index::buildCpuSeconds),
            1.1));
    bars.add(
        Bar.atMost(
            data,
            Candidates.IVF + ": heap of the open index, largest set less smallest, ≤ 1 MB",
            megabytes(growth.sizes()),
            1));
    bars.add(
        Bar.atMost(
            data,
            Candidates.IVF + ": exponent in N of bytes a query allocates ≤ 0.1",
            growth.exponent(growth::allocated),
            0.1));
  }

  private static double megabytes(List<AnnResult.Index> sizes) {
    return (sizes.get(sizes.size() - 1).heapBytes() - sizes.get(0).heapBytes()) / 1e6;
  }
}
