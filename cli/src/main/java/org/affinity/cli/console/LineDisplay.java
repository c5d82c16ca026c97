/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.console;

import java.io.PrintStream;
import java.util.Locale;
import org.affinity.ingest.LoadProgress;

/** A line every few seconds, for logs. */
final class LineDisplay implements ProgressDisplay {
  private static final long EVERY = 3_000_000_000L;

  private final String what;
  private final String verb;
  private final PrintStream out;
  private final long start = System.nanoTime();
  private long shown = start;

  LineDisplay(String what, String verb, PrintStream out) {
    this.what = what;
    this.verb = verb;
    this.out = out;
  }

  @Override
  public void progress(LoadProgress progress) {
    long now = System.nanoTime();
    if (now - shown >= EVERY) {
      shown = now;
      out.println(line(what, verb, progress, (now - start) / 1e9));
    }
  }

  /** What stands in a line after some seconds. */
  static String line(String what, String verb, LoadProgress progress, double seconds) {
    double done = progress.length() > 0 ? (double) progress.position() / progress.length() : 0;
    String left =
        done > 0 ? String.format(Locale.ROOT, ", %.0f s left", seconds / done - seconds) : "";
    String rejected =
        progress.rejected() == 0
            ? ""
            : String.format(Locale.ROOT, ", %,d rejected", progress.rejected());
    return String.format(
        Locale.ROOT,
        "%s: %.0f%%, %,d %s%s, %,.0f/s%s",
        what,
        100 * done,
        progress.loaded(),
        verb,
        rejected,
        progress.loaded() / seconds,
        left);
  }

  @Override
  public void close() {
    out.flush();
  }
}
