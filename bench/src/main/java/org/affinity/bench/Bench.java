/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench;

import org.affinity.bench.ann.AnnCommand;
import org.affinity.bench.ann.CompareCommand;
import org.affinity.bench.ann.JoinCommand;
import org.affinity.bench.blend.BlendCommand;
import org.affinity.bench.kernel.JmhCommand;
import org.affinity.bench.ranking.RankingCommand;
import org.affinity.bench.server.ServerCommand;
import picocli.CommandLine;

/** {@code ./affinity bench}: one command for each report. */
@CommandLine.Command(
    name = "affinity bench",
    mixinStandardHelpOptions = true,
    subcommands = {
      AnnCommand.class,
      BlendCommand.class,
      CompareCommand.class,
      JmhCommand.class,
      JoinCommand.class,
      KernelReport.class,
      QuantizationReport.class,
      RankingCommand.class,
      ReaderReport.class,
      ServerCommand.class,
      TrainerReport.class
    },
    description = "Measures what the project claims.")
public final class Bench implements Runnable {

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Runs a report. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Bench()).setCaseInsensitiveEnumValuesAllowed(true);
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Which report?");
  }
}
