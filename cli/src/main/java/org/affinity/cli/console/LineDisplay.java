/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.console;

import java.io.PrintStream;
import java.util.Locale;
import org.affinity.ingest.LoadProgress;

/** A line every few seconds, for logs. */
final class LineDisplay implements ProgressDisplay {
  private static final long EVERY = 3_000_000_000L;

  private final String what;
  private final PrintStream out;
  private final long start = System.nanoTime();
  private long shown = start;

  LineDisplay(String what, PrintStream out) {
    this.what = what;
    this.out = out;
  }

  @Override
  public void progress(LoadProgress progress) {
    long now = System.nanoTime();
    if (now - shown >= EVERY) {
      shown = now;
      out.println(line(what, progress, (now - start) / 1e9));
    }
  }

  /** What stands in a line after some seconds. */
  static String line(String what, LoadProgress progress, double seconds) {
    double done = progress.length() > 0 ? (double) progress.position() / progress.length() : 0;
    String left =
        done > 0 ? String.format(Locale.ROOT, ", %.0f s left", seconds / done - seconds) : "";
    return String.format(
        Locale.ROOT,
        "%s: %.0f%%, %,d loaded, %,d rejected, %,.0f/s%s",
        what,
        100 * done,
        progress.loaded(),
        progress.rejected(),
        progress.loaded() / seconds,
        left);
  }

  @Override
  public void close() {
    out.flush();
  }
}
