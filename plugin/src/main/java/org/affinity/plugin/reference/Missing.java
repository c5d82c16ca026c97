/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.util.Locale;

/** What to do when there is no vector where a reference points. */
public enum Missing {
  /** The part adds nothing; a query that is nothing else matches nothing. */
  NEUTRAL,
  /** The request fails with a 400. */
  ERROR;

  static Missing parse(String value) {
    return switch (value) {
      case "neutral" -> NEUTRAL;
      case "error" -> ERROR;
      default ->
          throw new IllegalArgumentException(
              "[missing] must be one of [neutral, error], got [" + value + "]");
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
