/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet.model;

/** The two sides of a factorization. */
public enum AlsSide {
  /** The factors of users. */
  USER("user", "userFactors"),
  /** The factors of items. */
  ITEM("item", "itemFactors");

  private final String label;
  private final String folder;

  AlsSide(String label, String folder) {
    this.label = label;
    this.folder = folder;
  }

  /** The name on the command line. */
  public String label() {
    return label;
  }

  /** The folder in a model. */
  String folder() {
    return folder;
  }

  /**
   * The side of a name.
   *
   * @throws IllegalArgumentException if there is none, with those there are
   */
  public static AlsSide of(String label) {
    for (AlsSide side : values()) {
      if (side.label.equals(label)) {
        return side;
      }
    }
    throw new IllegalArgumentException("--side is item or user, not " + label);
  }
}
