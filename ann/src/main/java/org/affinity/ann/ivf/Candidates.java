/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.util.Arrays;
import org.apache.lucene.util.NumericUtils;

/**
 * The best estimates so far, in a buffer of twice the number wanted: when it is full the worse half
 * goes, and what the best half is at least becomes the threshold for new ones. Cheaper than a heap:
 * an insertion is a store. For one thread.
 */
final class Candidates {

  private final int wanted;

  /** Estimate in the upper half, so that greater is better, ordinal in the lower. */
  private final long[] keys;

  private int size;
  private float threshold = Float.NEGATIVE_INFINITY;

  /**
   * @param wanted at least 1
   */
  Candidates(int wanted) {
    this.wanted = wanted;
    this.keys = new long[Math.multiplyExact(2, wanted)];
  }

  /** Estimates must be above this to matter. */
  float threshold() {
    return threshold;
  }

  /** How many there are, more than wanted at times. */
  int size() {
    return size;
  }

  /** Adds one; returns whether that moved the threshold. */
  boolean add(float estimate, int ord) {
    keys[size++] = ((long) NumericUtils.floatToSortableInt(estimate) << 32) | ord;
    if (size < keys.length) {
      return false;
    }
    shrink();
    return true;
  }

  /** Moves the threshold up if there are enough; returns whether it moved. */
  boolean tighten() {
    if (size < wanted + wanted / 8) {
      return false;
    }
    float before = threshold;
    shrink();
    return threshold > before;
  }

  private void shrink() {
    if (size < wanted) {
      return;
    }
    int last = wanted - 1;
    selectBest(last);
    size = wanted;
    threshold = Math.max(threshold, estimate(keys[last]));
  }

  private static float estimate(long key) {
    return NumericUtils.sortableIntToFloat((int) (key >> 32));
  }

  /**
   * Quickselect (Hoare, CACM 4(7), 1961): no key at or before {@code last} is less than one after.
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

  /** The ordinals of the best, at most as many as wanted, ascending. */
  int[] ords() {
    if (size > wanted) {
      shrink();
    }
    int[] ords = new int[size];
    for (int i = 0; i < size; i++) {
      ords[i] = (int) keys[i];
    }
    Arrays.sort(ords);
    return ords;
  }

  /** The same, best first. */
  int[] bestFirst() {
    if (size > wanted) {
      shrink();
    }
    Arrays.sort(keys, 0, size);
    int[] ords = new int[size];
    for (int i = 0; i < size; i++) {
      ords[i] = (int) keys[size - 1 - i];
    }
    return ords;
  }
}
