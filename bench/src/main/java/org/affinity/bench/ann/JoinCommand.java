/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Makes one report of several results, each of other sets; of one alone, draws it again. */
@CommandLine.Command(
    name = "join",
    mixinStandardHelpOptions = true,
    description = "One report of several results of \"ann\", each of other data sets.")
public final class JoinCommand implements Callable<Integer> {

  @CommandLine.Parameters(paramLabel = "FILE", arity = "1..*", description = "JSON of \"ann\".")
  private List<Path> files;

  @CommandLine.Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Writes FILE (.json), and .md and a folder of charts beside it.")
  private Path out;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (!ReportFiles.isName(out)) {
      throw new CommandLine.ParameterException(spec.commandLine(), "--out must end in .json");
    }
    AnnResult all = null;
    for (Path file : files) {
      AnnResult next = ResultFile.read(file, spec.commandLine());
      try {
        all = all == null ? next : all.and(next);
      } catch (IllegalArgumentException e) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), file + ": " + e.getMessage(), e);
      }
    }
    PrintWriter writer = spec.commandLine().getOut();
    writer.print(ReportFiles.write(all, out));
    writer.flush();
    return 0;
  }
}
