/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.blend;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.affinity.bench.report.Bar;
import org.affinity.bench.report.Numbers;
import org.affinity.bench.report.Place;
import org.affinity.bench.report.ReportFile;

/** Writes a result for programs and for people. */
final class BlendReport {

  private BlendReport() {}

  /** Writes the JSON, and Markdown beside it. */
  static void write(BlendResult result, Path json) throws IOException {
    ReportFile.write(json, result, markdown(result));
  }

  static String markdown(BlendResult result) {
    StringBuilder text = new StringBuilder("# Personalized search beside its alternatives\n\n");
    text.append(
        "One server, one shard of one segment, one client, warm; contestants take turns. Times are"
            + " the client's, HTTP and all. \"script_score\" reads the vector from a `float` array"
            + " of doc values, whose coordinates are stored shifted so that sorting keeps them in"
            + " order. \"Same\" is the share of the blend's first ten that came back.\n\n");
    text.append(Place.list(result.run()));
    text.append('\n').append(Bar.table(BlendBars.of(result)));
    text.append(
        """

        | data | documents | matches | contestant | median ms | p99 ms | over plain | same |
        | --- | --- | --- | --- | --- | --- | --- | --- |
        """);
    for (BlendResult.Series series : result.series()) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %,d | %,d | %s | %s | %s | %s | %s |%n",
              series.data(),
              series.documents(),
              series.matches(),
              series.contestant().words(),
              Numbers.plain(series.medianMicros() / 1000),
              Numbers.plain(series.p99Micros() / 1000),
              Numbers.plain(
                  series.medianMicros()
                      / result.median(series.data(), series.target(), Contestant.PLAIN)),
              series.sameTopTen() == null ? "" : Numbers.plain(series.sameTopTen())));
    }
    return text.toString();
  }
}
