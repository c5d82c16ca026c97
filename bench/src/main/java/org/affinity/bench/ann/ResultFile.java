/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;

/** Reads a result that a user named. */
final class ResultFile {

  private ResultFile() {}

  /** The result, or a refusal that names the file. */
  static AnnResult read(Path file, CommandLine command) {
    if (Files.notExists(file)) {
      throw new CommandLine.ParameterException(command, "there is no file " + file);
    }
    try {
      return AnnResult.read(file);
    } catch (IOException e) {
      throw new CommandLine.ParameterException(
          command, file + " is no result of \"ann\": " + e.getMessage(), e);
    }
  }
}
