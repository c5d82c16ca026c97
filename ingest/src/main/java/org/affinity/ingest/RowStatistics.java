/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.util.OptionalLong;

/**
 * What is known of a source's good rows after one pass: the lengths of vectors as they stand in the
 * source, and how often an id came again. Not thread-safe.
 */
public final class RowStatistics {
  private final DistinctIds ids;
  private long vectors;
  private long zeros;
  private double shortest = Double.POSITIVE_INFINITY;
  private double longest;
  private double sum;

  /**
   * Statistics of nothing yet.
   *
   * @param idLimit how many different ids to keep track of, 16 to 24 bytes each; with more,
   *     duplicates are not counted
   */
  public RowStatistics(int idLimit) {
    this.ids = new DistinctIds(idLimit);
  }

  /** How many ids a part of the heap is good for: 4,194,304 where the heap has 256 MiB. */
  public static int idLimit(long heapBytes) {
    return Math.clamp(heapBytes / 64, 1 << 10, 1 << 28);
  }

  void vector(float[] vector) {
    double norm = UnitLength.norm(vector);
    vectors++;
    zeros += norm == 0 ? 1 : 0;
    shortest = Math.min(shortest, norm);
    longest = Math.max(longest, norm);
    sum += norm;
  }

  void id(String id) {
    ids.add(id);
  }

  /** Vectors seen: those of rows that could be read. */
  public long vectors() {
    return vectors;
  }

  /** Vectors of length 0. */
  public long zeros() {
    return zeros;
  }

  /** The shortest vector's Euclidean length; 0 where there is none. */
  public double shortest() {
    return vectors == 0 ? 0 : shortest;
  }

  /** The mean length; 0 where there is no vector. */
  public double mean() {
    return vectors == 0 ? 0 : sum / vectors;
  }

  /** The longest vector's length. */
  public double longest() {
    return longest;
  }

  /** Rows whose id an earlier row had; nothing where there were too many ids to tell. */
  public OptionalLong duplicates() {
    return ids.repeated();
  }
}
