/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.console;

import picocli.CommandLine.Help.Ansi;

/**
 * Whether somebody watches. The launcher script knows best and says so by {@code
 * -Daffinity.terminal}; without it the guess is picocli's.
 */
public final class Terminal {
  private static final int NARROWEST = 80;
  private static final int WIDEST = 132;
  private static final int USUAL = 120;

  private Terminal() {}

  /** True if progress can be drawn over itself. */
  public static boolean isPresent() {
    String told = System.getProperty("affinity.terminal");
    return told == null ? Ansi.AUTO.enabled() : Boolean.parseBoolean(told);
  }

  /** Colours, or none. */
  public static Ansi ansi() {
    return isPresent() && System.getenv("NO_COLOR") == null ? Ansi.ON : Ansi.OFF;
  }

  /** The columns to fill, within what a table can use. */
  public static int columns() {
    Integer told = Integer.getInteger("affinity.columns");
    int columns = told == null || told <= 0 ? USUAL : told;
    return Math.max(NARROWEST, Math.min(WIDEST, columns));
  }
}
