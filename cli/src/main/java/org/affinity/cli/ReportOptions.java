/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli;

import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** What is said of a load, and whether it is one. */
final class ReportOptions {
  @Option(names = "--report", paramLabel = "FILE", description = "Write the report as JSON too.")
  private Path report;

  @Option(
      names = "--dry-run",
      description = "Read and check everything, and report, but send no document.")
  private boolean dryRun;

  Path report() {
    return report;
  }

  boolean dryRun() {
    return dryRun;
  }

  /** The file it names, by what it is. */
  Map<String, Path> written() {
    return report == null ? Map.of() : Map.of("the report", report);
  }
}
