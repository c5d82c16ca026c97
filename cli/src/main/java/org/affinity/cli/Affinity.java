/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli;

import java.io.PrintWriter;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import javax.net.ssl.SSLException;
import org.affinity.cli.console.Terminal;
import org.affinity.cli.demo.DemoCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code affinity}. Exit codes: 0 all well, 1 failed, 2 loaded but for some rows. */
@Command(
    name = "affinity",
    description = "Embeddings into OpenSearch, and personalized search with them.",
    mixinStandardHelpOptions = true,
    versionProvider = Affinity.Version.class,
    subcommands = {LoadCommand.class, ExportCommand.class, DemoCommand.class})
public final class Affinity implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The commands, with errors told in one line instead of a stack trace. */
  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Affinity());
    commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(Terminal.ansi()));
    commandLine.setExecutionExceptionHandler(Affinity::report);
    commandLine.setParameterExceptionHandler(Affinity::misused);
    return commandLine;
  }

  private static int misused(ParameterException failure, String[] args) {
    CommandLine commandLine = failure.getCommandLine();
    PrintWriter err = commandLine.getErr();
    err.println("error: " + failure.getMessage().replaceFirst("^Error: ", ""));
    err.println("see: " + commandLine.getCommandSpec().qualifiedName() + " --help");
    err.flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static int report(
      Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed) {
    PrintWriter err = commandLine.getErr();
    err.println("error: " + words(failure));
    if (Boolean.getBoolean("affinity.trace")) {
      failure.printStackTrace(err);
    }
    err.flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static String words(Exception failure) {
    return switch (failure) {
      case NoSuchFileException e -> "there is no file " + e.getFile();
      case AccessDeniedException e -> "no permission for " + e.getFile();
      case ConnectException e -> "no server answers there";
      case SSLException e ->
          "no secure connection: "
              + e.getMessage()
              + "; is it an https server, and its certificate trusted (--ca-cert)?";
      default -> failure.getMessage() == null ? failure.getClass().getName() : failure.getMessage();
    };
  }

  /** The version, as the jar's manifest says. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Affinity.class.getPackage().getImplementationVersion();
      return new String[] {"affinity " + (version == null ? "(not packaged)" : version)};
    }
  }
}
