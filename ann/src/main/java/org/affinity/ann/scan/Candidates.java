/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.scan;

import java.util.Arrays;
import org.apache.lucene.util.NumericUtils;

/**
 * The best estimates so far. Estimates are counted in buckets of equal width, so that the threshold
 * for new ones rises with nearly every one of them, at the price of an increment; only when the
 * buffer is full is the worse part thrown away. For one thread.
 */
final class Candidates {

  private static final int BUCKETS = 512;

  private final int wanted;

  /** Estimate in the upper half, so that greater is better; of equals the lower location. */
  private final long[] keys;

  private final int[] counts = new int[BUCKETS];

  private int size;

  /** At this size the worse part goes. */
  private int limit;

  private float threshold = Float.NEGATIVE_INFINITY;

  /** Where the first bucket starts, and how many there are to 1; 0 before the first selection. */
  private float low;

  private float perUnit;

  /** The threshold's bucket, and how many estimates it and those above it hold. */
  private int bucket;

  private int above;

  /**
   * @param wanted at least 1
   */
  Candidates(int wanted) {
    this.wanted = wanted;
    this.keys = new long[Math.max(64, Math.multiplyExact(4, wanted))];
    this.limit = Math.min(keys.length, wanted + Math.max(16, wanted / 2));
  }

  /** Estimates must be above this to matter. */
  float threshold() {
    return threshold;
  }

  /** How many there are, more than wanted at times. */
  int size() {
    return size;
  }

  /** Adds one; returns false when there is no room for another before {@link #select}. */
  boolean add(float estimate, int location) {
    keys[size++] = key(estimate, location);
    if (perUnit > 0) {
      count(estimate);
    }
    return size < limit;
  }

  private void count(float estimate) {
    int its = bucket(estimate);
    counts[its]++;
    if (its < bucket) {
      return;
    }
    above++;
    if (above - counts[bucket] >= wanted) {
      do {
        above -= counts[bucket++];
      } while (above - counts[bucket] >= wanted);
      threshold = Math.max(threshold, low + bucket / perUnit);
    }
  }

  private int bucket(float estimate) {
    return (int) Math.min(BUCKETS - 1, Math.max(0, (estimate - low) * perUnit));
  }

  /** Throws away all but those wanted, and raises the threshold to the last of them. */
  void select() {
    limit = keys.length;
    if (size < wanted) {
      return;
    }
    selectBest(wanted - 1);
    size = wanted;
    threshold = estimate(keys[wanted - 1]);
    spread();
  }

  /** Lays the buckets between the last and twice as far as the best, and counts anew. */
  private void spread() {
    float best = threshold;
    for (int i = 0; i < size; i++) {
      best = Math.max(best, estimate(keys[i]));
    }
    low = threshold;
    perUnit = BUCKETS / (2 * (best - threshold));
    if (!(perUnit < Float.POSITIVE_INFINITY && perUnit > 0)) {
      // Equal estimates, or such that their differences are no numbers: selection must do.
      perUnit = 0;
      return;
    }
    Arrays.fill(counts, 0);
    bucket = 0;
    above = size;
    for (int i = 0; i < size; i++) {
      counts[bucket(estimate(keys[i]))]++;
    }
  }

  /** Takes back what {@link #select} threw away. */
  void restore(int size) {
    this.size = size;
  }

  /**
   * How far the threshold is from the middle one; to be called after a {@link #select} that threw
   * some away. Not from the best: that may be far from all others.
   */
  double range() {
    if (size == 0) {
      return 0;
    }
    selectBest(size / 2);
    return (double) estimate(keys[size / 2]) - threshold;
  }

  /** Replaces an estimate, before a {@link #select}. */
  void set(int i, float estimate) {
    keys[i] = key(estimate, location(i));
  }

  /** The estimate of the i-th. */
  float estimate(int i) {
    return estimate(keys[i]);
  }

  /** The location of the i-th, in no order before {@link #sort}. */
  int location(int i) {
    return ~(int) keys[i];
  }

  /** Best first; to be called last, after {@link #select}. */
  void sort() {
    Arrays.sort(keys, 0, size);
    for (int i = 0, j = size - 1; i < j; i++, j--) {
      long swapped = keys[i];
      keys[i] = keys[j];
      keys[j] = swapped;
    }
  }

  private static long key(float estimate, int location) {
    return ((long) NumericUtils.floatToSortableInt(estimate) << 32) | (0xFFFFFFFFL & ~location);
  }

  private static float estimate(long key) {
    return NumericUtils.sortableIntToFloat((int) (key >> 32));
  }

  /**
   * Quickselect (Hoare, CACM 4(7), 1961): no key at or before {@code last} is less than one after.
   * Afterwards the key at {@code last} is the least of those before.
   */
  private void selectBest(int last) {
    int from = 0;
    int to = size - 1;
    while (from < to) {
      long pivot = median(keys[from], keys[(from + to) >>> 1], keys[to]);
      int i = from;
      int j = to;
      while (i <= j) {
        while (keys[i] > pivot) {
          i++;
        }
        while (keys[j] < pivot) {
          j--;
        }
        if (i <= j) {
          long swapped = keys[i];
          keys[i++] = keys[j];
          keys[j--] = swapped;
        }
      }
      if (last <= j) {
        to = j;
      } else if (last >= i) {
        from = i;
      } else {
        return;
      }
    }
  }

  private static long median(long a, long b, long c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
