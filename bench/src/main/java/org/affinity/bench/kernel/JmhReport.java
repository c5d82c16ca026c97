/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.StringJoiner;
import org.affinity.bench.report.Numbers;
import org.affinity.bench.report.ReportFile;

/** Writes a result as JSON and as Markdown. */
final class JmhReport {

  /** Iterations differ by so much only while a loop is still being compiled. */
  private static final double UNSTEADY = 0.5;

  private JmhReport() {}

  /** Writes the JSON, and Markdown beside it. */
  static void write(JmhResult result, Path json) throws IOException {
    ReportFile.write(json, result, markdown(result));
  }

  static String markdown(JmhResult result) {
    StringBuilder text = new StringBuilder("# Kernels under JMH\n\n");
    StringJoiner run = new StringJoiner(", ", "", ".\n\n");
    result.run().forEach((name, value) -> run.add(name + " " + value));
    text.append(run);
    text.append(
        """
        Times are of the CPU: that of the thread in an iteration over the operations in it. The share \
        in the last column is that of the limit named, the slowest of reading, arithmetic and \
        look-ups, as the probes of this run found them.

        | probe | at most |
        | --- | --- |
        """);
    Limits limits = result.limits();
    limits
        .gigabytesPerSecond()
        .forEach((level, rate) -> line(text, "reading " + level, Numbers.plain(rate) + " GB/s"));
    line(text, "arithmetic, fused", Numbers.plain(limits.gigaflops()) + " GFLOP/s");
    line(text, "look-ups in one register", Numbers.plain(limits.gigaLookUps()) + " G/s");
    line(text, "look-ups in two registers", Numbers.plain(limits.gigaLongLookUps()) + " G/s");
    text.append("\n| loop | parameters | ns | per | ± % | GB/s | GFLOP/s | limit | share |\n");
    text.append("| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (JmhResult.Row row : result.rows()) {
      line(
          text,
          row.benchmark().replace("Benchmark", ""),
          String.join(", ", row.parameters().values()),
          Numbers.plain(row.nanos()),
          row.unit(),
          Numbers.plain(100 * row.spread()) + (row.spread() > UNSTEADY ? " **unsteady**" : ""),
          plain(row.gigabytesPerSecond()),
          plain(row.gigaflops()),
          row.limit() == null ? "–" : row.limit(),
          plain(row.share()));
    }
    return text.toString();
  }

  private static String plain(Double value) {
    return Numbers.plain(value == null || value == 0 ? Double.NaN : value);
  }

  private static void line(StringBuilder text, String... cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
