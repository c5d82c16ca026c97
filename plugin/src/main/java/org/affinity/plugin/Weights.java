/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

/** Checks the numbers that scale the parts of a score. */
final class Weights {

  static final double DEFAULT = 1;

  /** Enough to let one part rule, and no sum overflows. */
  static final double MAX = 1e6;

  private Weights() {}

  /**
   * Refuses what would make a score negative or infinite.
   *
   * @param name of the option, for the message
   */
  static double check(String name, double value) {
    if (!(value >= 0 && value <= MAX)) {
      throw new IllegalArgumentException(
          "[" + name + "] must be a number from 0 to " + (int) MAX + ", got [" + value + "]");
    }
    return value;
  }
}
