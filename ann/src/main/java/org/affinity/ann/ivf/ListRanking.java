/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.util.Arrays;
import org.affinity.quantization.Metric;
import org.affinity.quantization.simd.Centroids;
import org.affinity.quantization.simd.KernelSelection;
import org.affinity.quantization.simd.Kernels;
import org.apache.lucene.util.NumericUtils;

/**
 * A segment's lists, the most promising first. With groups, the lists of the nearest groups come
 * first and the others only after all of those. For one thread.
 *
 * <p>How promising a list is: the distance of its centroid from the query, or under inner product
 * their product, times the length of the list's longest vector where centroids are directions.
 */
final class ListRanking {

  private final Kernels kernels = KernelSelection.best();
  private final InvertedLists lists;
  private final CoarseQuantizer coarse;
  private final boolean products;

  /** The query with its sign turned. */
  private final float[] negative;

  private final ListBound bound;

  /** Of the list given out last. */
  private float rank;

  /** A binary heap, least first: how far a list is in the upper half, its number in the lower. */
  private final long[] heap;

  private int size;

  /** Groups whose lists are not in the heap yet, nearest first. */
  private final int[] groups;

  private int nextGroup;

  /**
   * @param atOnce lists to rank before the first is given out, at least
   */
  ListRanking(InvertedLists lists, Metric metric, float[] query, int atOnce) {
    this.lists = lists;
    this.coarse = lists.coarse();
    this.products = metric == Metric.INNER_PRODUCT;
    this.negative = new float[query.length];
    if (products) {
      System.arraycopy(query, 0, negative, 0, query.length);
    } else {
      coarse.place(query, negative, 0);
    }
    double error = lists.quantizer().training().error().meanSquared();
    this.bound = new ListBound(metric, coarse.directions(), negative, error);
    for (int d = 0; d < negative.length; d++) {
      negative[d] = -negative[d];
    }
    this.heap = new long[coarse.lists()];
    this.groups = coarse.groups() == 1 ? new int[1] : nearestGroups();
    expand(atOnce);
  }

  private int[] nearestGroups() {
    Centroids parents = coarse.parents();
    float[] scores = scores(parents);
    long[] keys = new long[coarse.groups()];
    for (int g = 0; g < keys.length; g++) {
      keys[g] = key(scores[g], g);
    }
    Arrays.sort(keys);
    int[] order = new int[keys.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = (int) keys[i];
    }
    return order;
  }

  private float[] scores(Centroids centroids) {
    float[] scores = products ? new float[centroids.size()] : centroids.halfSquaredNorms().clone();
    kernels.addProducts(
        negative, 0, negative.length, centroids.coordinates(), 0, scores.length, scores, 0);
    return scores;
  }

  private static long key(float score, int number) {
    return ((long) NumericUtils.floatToSortableInt(score) << 32) | number;
  }

  private void expand(int atLeast) {
    while (size < atLeast && nextGroup < groups.length) {
      int group = groups[nextGroup++];
      Centroids children = coarse.children(group);
      float[] scores = scores(children);
      int first = coarse.firstList(group);
      int count =
          (group + 1 < coarse.groups() ? coarse.firstList(group + 1) : coarse.lists()) - first;
      for (int i = 0; i < count; i++) {
        float score = scores[i];
        if (products && coarse.directions()) {
          score *= lists.entry(first + i).reach();
        }
        heap[size++] = key(score, first + i);
      }
    }
    for (int i = size / 2 - 1; i >= 0; i--) {
      sink(i);
    }
  }

  private void sink(int start) {
    int i = start;
    long moving = heap[i];
    for (int child = 2 * i + 1; child < size; child = 2 * i + 1) {
      if (child + 1 < size && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= moving) {
        break;
      }
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = moving;
  }

  /** What the vectors of the list given out last can score at most. */
  double bound(ListEntry list) {
    return bound.score(rank, list);
  }

  /** The next list, -1 after the last. */
  int next() {
    if (size == 0) {
      expand(1);
      if (size == 0) {
        return -1;
      }
    }
    int list = (int) heap[0];
    rank = NumericUtils.sortableIntToFloat((int) (heap[0] >> 32));
    heap[0] = heap[--size];
    sink(0);
    return list;
  }
}
