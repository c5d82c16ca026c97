/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.console;

import java.io.PrintStream;
import org.affinity.ingest.LoadListener;

/**
 * Shows the progress of a load or export: as a bar where somebody watches, as a line now and then
 * elsewhere.
 */
public interface ProgressDisplay extends LoadListener, AutoCloseable {
  /** Leaves the display with the last state shown. */
  @Override
  void close();

  /**
   * A display on the standard error stream, for a source whose length is in bytes.
   *
   * @param what what is loaded, in a word or two
   */
  static ProgressDisplay ofBytes(String what) {
    return open(what, "loaded", " KiB", 1024);
  }

  /**
   * A display on the standard error stream, for a source whose length is in rows.
   *
   * @param what what is loaded, in a word or two
   */
  static ProgressDisplay ofRows(String what) {
    return open(what, "loaded", "", 1);
  }

  /**
   * A display on the standard error stream, of vectors written.
   *
   * @param what where they go, in a word or two
   */
  static ProgressDisplay ofExport(String what) {
    return open(what, "exported", "", 1);
  }

  private static ProgressDisplay open(String what, String done, String unit, long size) {
    PrintStream err = System.err;
    return Terminal.isPresent()
        ? new ProgressBarDisplay(what, done, unit, size, err)
        : new LineDisplay(what, done, err);
  }
}
