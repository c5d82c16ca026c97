/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.affinity.bench.report.ReportFile;

/** Writes a result: JSON first, since charts need a font, which a machine may lack. */
final class ReportFiles {

  private ReportFiles() {}

  /** Writes the JSON, Markdown and charts beside it; returns the Markdown. */
  static String write(AnnResult result, Path json) throws IOException {
    result.write(json);
    List<String> charts = Charts.write(result, ReportFile.beside(json, ""));
    String text = Markdown.of(result, Bars.of(result), charts);
    VectorFile.write(
        ReportFile.beside(json, ".md"), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    return text;
  }
}
