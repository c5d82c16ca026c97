/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.affinity.bench.report.Frontier;

/**
 * What a run measured.
 *
 * @param run where and on what
 * @param refusals what a server did not take or do
 */
record ServerResult(
    Map<String, Object> run, List<Index> indices, List<Point> points, List<Refusal> refusals) {

  /**
   * An index of all vectors of a set.
   *
   * @param segments before the merge to one; of several builds the fewest
   * @param files bytes by extension
   * @param kinds bytes by kind, of ours
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Index(
      String data,
      String contestant,
      Contestant.Side side,
      int vectors,
      int dimension,
      String space,
      int builds,
      double ingestSeconds,
      double ingestCpuSeconds,
      int segments,
      double mergeSeconds,
      double mergeCpuSeconds,
      long diskBytes,
      Map<String, Long> files,
      Map<String, Long> kinds) {

    double documentsPerSecond() {
      return vectors / ingestSeconds;
    }

    /** Whether there was anything to merge. */
    boolean isMerged() {
      return segments > 1;
    }

    double diskBytesPerVector() {
      return (double) diskBytes / vectors;
    }
  }

  /**
   * One setting, asked by so many clients at once.
   *
   * @param setting what a query says of it
   * @param requestsPerSecond of wall time, all clients together, over all rounds
   * @param cpuMicros processor time of the server for a request, over all rounds
   */
  record Point(
      String data,
      String contestant,
      Contestant.Side side,
      String setting,
      int clients,
      double recall,
      int fewestHits,
      double requestsPerSecond,
      double p50Millis,
      double p99Millis,
      double cpuMicros) {

    /**
     * What a processor of the server would answer that does nothing else; infinite if the time was
     * too short for its clock.
     */
    double requestsPerCpuSecond() {
      return 1e6 / cpuMicros;
    }
  }

  /** A mapping that was not taken, or not searched. */
  record Refusal(String data, String contestant, String mapping, String reason) {}

  /** Names of the sets, in order. */
  List<String> sets() {
    return indices.stream().map(Index::data).distinct().toList();
  }

  /** Those who took part on a set, in order. */
  List<Index> on(String data) {
    return indices.stream().filter(index -> index.data().equals(data)).toList();
  }

  Optional<Index> index(String data, Contestant contestant) {
    return on(data).stream()
        .filter(index -> index.contestant().equals(contestant.label()))
        .findFirst();
  }

  List<Point> points(String data, String contestant, int clients) {
    return points.stream()
        .filter(point -> point.data().equals(data) && point.contestant().equals(contestant))
        .filter(point -> point.clients() == clients)
        .toList();
  }

  Frontier<Point> frontier(
      String data, String contestant, int clients, ToDoubleFunction<Point> speed) {
    List<Point> timed =
        points(data, contestant, clients).stream()
            .filter(point -> Double.isFinite(speed.applyAsDouble(point)))
            .toList();
    return Frontier.of(timed, Point::recall, speed);
  }
}
