/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

/** What the affinities of a blend are computed from. */
public enum Precision {

  /** The stored vectors: scores are the same to the last bit in every segment and every shard. */
  EXACT,

  /**
   * Codes where a segment has them, which stand for a vector approximately: for vectors that do not
   * fit into memory while their codes do. Segments and fields without codes are exact.
   */
  CODES
}
