/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A result as JSON for programs, with Markdown for people beside it. */
public final class ReportFile {

  private static final String EXTENSION = ".json";

  private ReportFile() {}

  /** Whether a result can be written to a file of this name. */
  public static boolean isName(Path json) {
    return json.toString().endsWith(EXTENSION);
  }

  /** The file, or folder, that has this ending where the JSON's name has its own. */
  public static Path beside(Path json, String ending) {
    String name = json.getFileName().toString();
    return json.resolveSibling(name.substring(0, name.length() - EXTENSION.length()) + ending);
  }

  /** Writes both, and makes the folder they lie in. */
  public static void write(Path json, Object result, String markdown) throws IOException {
    Files.createDirectories(json.toAbsolutePath().getParent());
    Files.writeString(
        json,
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(result)
            + "\n");
    Files.writeString(beside(json, ".md"), markdown);
  }
}
