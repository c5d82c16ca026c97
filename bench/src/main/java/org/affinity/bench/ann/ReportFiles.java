/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Writes a result: JSON first, since charts need a font, which a machine may lack. */
final class ReportFiles {

  private static final String EXTENSION = ".json";

  private ReportFiles() {}

  static boolean isName(Path json) {
    return json.toString().endsWith(EXTENSION);
  }

  /** Writes the JSON, Markdown and charts beside it; returns the Markdown. */
  static String write(AnnResult result, Path json) throws IOException {
    result.write(json);
    String name = json.getFileName().toString();
    String stem = name.substring(0, name.length() - EXTENSION.length());
    List<String> charts = Charts.write(result, json.resolveSibling(stem));
    String text = Markdown.of(result, Bars.of(result), charts);
    VectorFile.write(
        json.resolveSibling(stem + ".md"), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    return text;
  }
}
