/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.console;

import java.io.PrintStream;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.affinity.ingest.LoadProgress;

/** A bar over the length of the source, with the rate in vectors and the time left. */
final class ProgressBarDisplay implements ProgressDisplay {
  private final ProgressBar bar;
  private final String done;
  private final long start = System.nanoTime();

  ProgressBarDisplay(String what, String done, String unit, long size, PrintStream out) {
    this.done = done;
    this.bar =
        new ProgressBarBuilder()
            .setTaskName(what)
            .setStyle(ProgressBarStyle.UNICODE_BLOCK)
            .setInitialMax(-1)
            .setUpdateIntervalMillis(200)
            .setMaxRenderedLength(Terminal.columns())
            .setConsumer(new ConsoleProgressBarConsumer(out, Terminal.columns()))
            .setUnit(unit, size)
            .build();
  }

  @Override
  public void progress(LoadProgress progress) {
    double seconds = (System.nanoTime() - start) / 1e9;
    String rejected =
        progress.rejected() == 0
            ? ""
            : String.format(Locale.ROOT, ", %,d rejected", progress.rejected());
    bar.maxHint(progress.length());
    bar.setExtraMessage(
        String.format(
            Locale.ROOT,
            " %,d %s%s, %,.0f/s",
            progress.loaded(),
            done,
            rejected,
            progress.loaded() / seconds));
    bar.stepTo(progress.position());
  }

  @Override
  public void close() {
    bar.close();
  }
}
