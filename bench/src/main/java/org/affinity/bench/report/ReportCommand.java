/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** A command that measures and reports: it refuses options in one way, and says how far it is. */
public abstract class ReportCommand implements Callable<Integer> {

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private final StringBuilder table = new StringBuilder();

  /** To name in what refuses an option. */
  protected final CommandLine commandLine() {
    return spec.commandLine();
  }

  /**
   * Checks options.
   *
   * @param words what to do about them
   * @throws CommandLine.ParameterException if they are wrong
   */
  protected final void refuseIf(boolean wrong, String words) {
    if (wrong) {
      throw new CommandLine.ParameterException(commandLine(), words);
    }
  }

  /**
   * Checks where a result is to be written.
   *
   * @param out null if nowhere
   */
  protected final void refuseUnlessJson(Path out) {
    refuseIf(out != null && !ReportFile.isName(out), "--out must end in .json");
  }

  /** A line that is seen at once. */
  protected final void say(String words) {
    print(words + "\n");
  }

  /** Text that is seen at once. */
  protected final void print(String text) {
    PrintWriter writer = commandLine().getOut();
    writer.print(text);
    writer.flush();
  }

  /** A line of a table, which {@link #write} writes too. */
  protected final void row(String format, Object... cells) {
    String line = String.format(Locale.ROOT, format, cells) + "\n";
    table.append(line);
    print(line);
  }

  /**
   * Writes a result, where it was made, and the table of it.
   *
   * @param out null if nowhere
   */
  protected final void write(Path out, String title, Map<String, Object> result)
      throws IOException {
    if (out == null) {
      return;
    }
    Map<String, Object> all = Place.describe();
    String head = "# " + title + "\n\n" + Place.list(all) + "\n";
    all.putAll(result);
    ReportFile.write(out, all, head + table);
  }

  /** A line of what went wrong, or of how far a report is whose output is read by programs. */
  protected final void warn(String words) {
    PrintWriter writer = commandLine().getErr();
    writer.println(words);
    writer.flush();
  }
}
