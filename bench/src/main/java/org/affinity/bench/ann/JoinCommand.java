/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.affinity.bench.report.ReportCommand;
import picocli.CommandLine;

/** Makes one report of several results, each of other sets; of one alone, draws it again. */
@CommandLine.Command(
    name = "join",
    mixinStandardHelpOptions = true,
    description = "One report of several results of \"ann\", each of other data sets.")
public final class JoinCommand extends ReportCommand {

  @CommandLine.Parameters(paramLabel = "FILE", arity = "1..*", description = "JSON of \"ann\".")
  private List<Path> files;

  @CommandLine.Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Writes FILE (.json), and .md and a folder of charts beside it.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    refuseUnlessJson(out);
    AnnResult all = null;
    for (Path file : files) {
      AnnResult next = ResultFile.read(file, commandLine());
      try {
        all = all == null ? next : all.and(next);
      } catch (IllegalArgumentException e) {
        throw new CommandLine.ParameterException(commandLine(), file + ": " + e.getMessage(), e);
      }
    }
    print(ReportFiles.write(all, out));
    return 0;
  }
}
