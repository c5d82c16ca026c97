/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.kernel;

/** Where the data of a loop lies, by its size. */
public enum Level {
  /** Half of the smallest first-level cache in use. */
  L1(16 << 10),
  /** Half of a second-level cache of a megabyte. */
  L2(512 << 10),
  /** More than the second level, less than the third. */
  L3(8 << 20),
  /** More than any cache holds. */
  RAM(256 << 20);

  private final int bytes;

  Level(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes to use of this level; a tiny run takes no more than so many. */
  int bytes(int most) {
    return Math.min(bytes, most);
  }
}
