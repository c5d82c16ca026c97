/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

/** Checks the numbers that scale the parts of a score. */
final class Weights {

  static final double DEFAULT = 1;

  private Weights() {}

  /**
   * Refuses what would make a score negative or infinite.
   *
   * @param name of the option, for the message
   */
  static double check(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "[" + name + "] must be a finite number, 0 or above, got [" + value + "]");
    }
    return value;
  }
}
