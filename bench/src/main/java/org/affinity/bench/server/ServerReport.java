/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.affinity.bench.report.Numbers;
import org.affinity.bench.report.Place;
import org.affinity.bench.report.ReportFile;

/** Writes a result for programs and for people. */
final class ServerReport {

  private ServerReport() {}

  /** Writes the JSON, and Markdown beside it. */
  static void write(ServerResult result, Path json) throws IOException {
    ReportFile.write(json, result, markdown(result));
  }

  static String markdown(ServerResult result) {
    StringBuilder text = new StringBuilder("# A server with Affinity beside one with k-NN\n\n");
    text.append(
        """
        Two servers on one machine, one shard of one segment, no replicas, the same bulk requests,\
         the same queries for 10, `_source: false`, HTTP and all. `knn`, `knn-4x` and `knn-32x` are the\
         k-NN plugin's `lucene` engine: float, and `mode: on_disk` with that `compression_level`. In\
         each round every setting is asked once, in random order. A hit is right if its exact\
         score reaches that of the tenth best. "CPU" is the processor time of the server's process.\
         Rates are of all rounds together: requests over the time of all. At a recall the fastest of\
         all settings that reach it counts, so noise favours the contestant with more settings\
         there. Indices are refreshed after each tenth of their documents, then merged to one\
         segment.\
         Ratios are to `knn`; above 1 is better, everywhere.

        """);
    text.append(Place.list(result.run()));
    for (ServerResult.Refusal refusal : result.refusals()) {
      text.append(
          "%n%s: `%s` is left out: %s.%n"
              .formatted(refusal.data(), refusal.contestant(), refusal.reason()));
    }
    for (String data : result.sets()) {
      set(text, result, data);
    }
    return text.toString();
  }

  private static void set(StringBuilder text, ServerResult result, String data) {
    ServerResult.Index first = result.on(data).get(0);
    text.append(
        String.format(
            Locale.ROOT,
            "%n## %s: %,d vectors, %d dimensions, %s%n",
            data,
            first.vectors(),
            first.dimension(),
            first.space().toLowerCase(Locale.ROOT).replace('_', ' ')));
    int[] clients =
        result.points().stream()
            .mapToInt(ServerResult.Point::clients)
            .distinct()
            .sorted()
            .toArray();
    for (int count : clients) {
      String who = count == 1 ? "one client" : count + " clients";
      text.append("\n### Requests per second of CPU at equal recall, ").append(who).append("\n\n");
      text.append(
          Comparison.ofSpeed(result, data, count, ServerResult.Point::requestsPerCpuSecond)
              .markdown());
      text.append("### Requests per second of wall time at equal recall, ").append(who);
      text.append("\n\n");
      text.append(
          Comparison.ofSpeed(result, data, count, ServerResult.Point::requestsPerSecond)
              .markdown());
    }
    text.append("### Building and size\n\n");
    text.append(Comparison.ofBuilding(result, data).markdown());
    indices(text, result, data);
    points(text, result, data);
  }

  private static void indices(StringBuilder text, ServerResult result, String data) {
    text.append(
        """
        | | documents/s | ingest, CPU s | segments | merge, s | merge, CPU s | disk, bytes/vector | of it |
        | --- | --- | --- | --- | --- | --- | --- | --- |
        """);
    for (ServerResult.Index index : result.on(data)) {
      Map<String, Long> parts = index.kinds() == null ? index.files() : index.kinds();
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %d | %s | %s | %s | %s |%n",
              index.contestant(),
              Numbers.plain(index.documentsPerSecond()),
              Numbers.plain(index.ingestCpuSeconds()),
              index.segments(),
              Numbers.plain(index.mergeSeconds()),
              Numbers.plain(index.mergeCpuSeconds()),
              Numbers.plain(index.diskBytesPerVector()),
              parts.entrySet().stream()
                  .filter(
                      part -> part.getValue() >= index.vectors() && !part.getKey().equals("total"))
                  .map(
                      part ->
                          part.getKey()
                              + " "
                              + Numbers.plain(part.getValue() / (double) index.vectors()))
                  .collect(Collectors.joining(", "))));
    }
  }

  private static void points(StringBuilder text, ServerResult result, String data) {
    text.append(
        """

        | | query | clients | recall@10 | requests/s | median ms | p99 ms | CPU µs |
        | --- | --- | --- | --- | --- | --- | --- | --- |
        """);
    for (ServerResult.Point point : result.points()) {
      if (point.data().equals(data)) {
        text.append(
            String.format(
                Locale.ROOT,
                "| %s | `%s` | %d | %s | %s | %s | %s | %s |%n",
                point.contestant(),
                point.setting().replace("\"", ""),
                point.clients(),
                Numbers.recall(point.recall()),
                Numbers.plain(point.requestsPerSecond()),
                Numbers.plain(point.p50Millis()),
                Numbers.plain(point.p99Millis()),
                Numbers.plain(point.cpuMicros())));
      }
    }
  }
}
