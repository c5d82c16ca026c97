/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.server;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.affinity.bench.report.Numbers;

/**
 * A table of ratios to the peer's float graph, of figures of which more is better.
 *
 * @param columns what is compared
 * @param rows a contestant each
 * @param absent what is said of a ratio of ours that is none
 */
record Comparison(List<String> columns, List<Row> rows, String absent) {

  /**
   * A contestant's ratios.
   *
   * @param ratios by column; NaN is not reached or not measured
   */
  record Row(String contestant, Contestant.Side side, List<Double> ratios) {}

  /** Recalls at which speeds are compared. */
  static final List<Double> RECALLS = List.of(0.80, 0.90, 0.95, 0.98, 0.99);

  /** Speeds at equal recall. */
  static Comparison ofSpeed(
      ServerResult result, String data, int clients, ToDoubleFunction<ServerResult.Point> speed) {
    List<String> columns = RECALLS.stream().map(Comparison::column).toList();
    List<Row> rows = new ArrayList<>();
    for (ServerResult.Index index : result.on(data)) {
      List<Double> ratios = new ArrayList<>();
      for (double recall : RECALLS) {
        double reference = result.frontier(data, Contestant.KNN.label(), clients, speed).at(recall);
        ratios.add(
            result.frontier(data, index.contestant(), clients, speed).at(recall) / reference);
      }
      rows.add(new Row(index.contestant(), index.side(), ratios));
    }
    return new Comparison(columns, rows, "not reached");
  }

  private static String column(double recall) {
    return "recall " + Numbers.plain(recall).replaceFirst("^0", "").replaceFirst("0$", "");
  }

  /** Rates of building, and vectors to a byte of disk. One segment is not merged. */
  static Comparison ofBuilding(ServerResult result, String data) {
    List<ToDoubleFunction<ServerResult.Index>> figures =
        List.of(
            ServerResult.Index::documentsPerSecond,
            index -> 1 / index.ingestCpuSeconds(),
            index -> index.isMerged() ? 1 / index.mergeSeconds() : Double.NaN,
            index -> index.isMerged() ? 1 / index.mergeCpuSeconds() : Double.NaN,
            index -> 1 / index.diskBytesPerVector());
    List<Row> rows = new ArrayList<>();
    for (ServerResult.Index index : result.on(data)) {
      List<Double> ratios = new ArrayList<>();
      for (ToDoubleFunction<ServerResult.Index> figure : figures) {
        ratios.add(
            result
                .index(data, Contestant.KNN)
                .map(knn -> figure.applyAsDouble(index) / figure.applyAsDouble(knn))
                .filter(Double::isFinite)
                .orElse(Double.NaN));
      }
      rows.add(new Row(index.contestant(), index.side(), ratios));
    }
    return new Comparison(
        List.of("ingest, wall", "ingest, CPU", "merge, wall", "merge, CPU", "disk"),
        rows,
        "not measured");
  }

  /**
   * In a sentence, where a contestant of ours is behind one of the peer's: the best of the peer's
   * counts at each place.
   */
  String behind() {
    List<String> places = new ArrayList<>();
    for (Row row : rows) {
      List<String> cells = new ArrayList<>();
      for (int c = 0; c < columns.size(); c++) {
        Row best = best(c);
        double mine = row.ratios().get(c);
        if (row.side() == Contestant.Side.OURS && best != null) {
          double peer = best.ratios().get(c);
          if (Double.isNaN(mine)) {
            cells.add(columns.get(c) + " (" + absent + ")");
          } else if (mine < peer) {
            cells.add(
                "%s (%s of %s)"
                    .formatted(columns.get(c), Numbers.plain(mine / peer), best.contestant()));
          }
        }
      }
      if (!cells.isEmpty()) {
        places.add("`" + row.contestant() + "`: " + String.join(", ", cells));
      }
    }
    if (rows.stream().flatMap(row -> row.ratios().stream()).allMatch(value -> value.isNaN())) {
      return "Not measured.";
    }
    return places.isEmpty()
        ? "The k-NN plugin is ahead nowhere in this table."
        : "**The k-NN plugin is ahead of** " + String.join("; ", places) + ".";
  }

  /** The peer's best in a column; null if it has none. */
  private Row best(int column) {
    Row best = null;
    for (Row row : rows) {
      double ratio = row.ratios().get(column);
      if (row.side() == Contestant.Side.PEER
          && !Double.isNaN(ratio)
          && (best == null || ratio > best.ratios().get(column))) {
        best = row;
      }
    }
    return best;
  }

  /** The sentence and the table. */
  String markdown() {
    StringBuilder text = new StringBuilder(behind()).append("\n\n| |");
    columns.forEach(column -> text.append(' ').append(column).append(" |"));
    text.append("\n| --- |").append(" --- |".repeat(columns.size())).append('\n');
    for (Row row : rows) {
      if (row.ratios().stream().allMatch(value -> value.isNaN())) {
        continue;
      }
      text.append("| ").append(row.contestant()).append(" |");
      row.ratios().forEach(ratio -> text.append(' ').append(Numbers.plain(ratio)).append(" |"));
      text.append('\n');
    }
    return text.append('\n').toString();
  }
}
