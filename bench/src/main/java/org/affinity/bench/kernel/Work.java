/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.kernel;

/**
 * What one call of a benchmark has to do at least.
 *
 * @param unit what it handles, in a word
 * @param units how many of them
 * @param bytes it must read
 * @param from where they are
 * @param flops additions and multiplications of floats; one of doubles counts as two
 * @param lookUps of bytes in a table of 64 bytes in registers
 * @param longLookUps of bytes in a table of 128 bytes in registers
 */
record Work(
    String unit,
    double units,
    double bytes,
    Level from,
    double flops,
    double lookUps,
    double longLookUps) {

  /** So many bytes read. */
  static Work reading(String unit, double units, double bytes, Level from) {
    return new Work(unit, units, bytes, from, 0, 0, 0);
  }

  /** The same with so many operations on floats. */
  Work computing(double operations) {
    return new Work(unit, units, bytes, from, operations, lookUps, longLookUps);
  }

  /** The same with so many look-ups. */
  Work lookingUp(double few, double many) {
    return new Work(unit, units, bytes, from, flops, few, many);
  }
}
