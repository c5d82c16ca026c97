/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.demo;

/** How a hit's rank differs from its rank in the plain search. */
enum Movement {
  UP("▲"),
  DOWN("▼"),
  SAME("="),
  NEW("new");

  private final String sign;

  Movement(String sign) {
    this.sign = sign;
  }

  /**
   * The movement between two ranks.
   *
   * @param plain the rank before, from 1; 0 if it was not among the hits fetched
   * @param now the rank now, from 1
   */
  static Movement between(int plain, int now) {
    if (plain == 0) {
      return NEW;
    }
    return now == plain ? SAME : now < plain ? UP : DOWN;
  }

  /** As shown: a sign, and for a move how many places. */
  static String marker(int plain, int now) {
    Movement movement = between(plain, now);
    boolean moved = movement == UP || movement == DOWN;
    return moved ? movement.sign + Math.abs(plain - now) : movement.sign;
  }
}
