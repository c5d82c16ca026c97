/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.util.Arrays;
import org.affinity.quantization.VectorMath;
import org.affinity.quantization.simd.Centroids;
import org.affinity.quantization.simd.KernelSelection;
import org.affinity.quantization.simd.Kernels;

/**
 * Finds the lists of many vectors, thousands at a time: the kernels want many points for one set of
 * centroids. With groups, a vector meets the lists of its {@value #GROUPS_PER_VECTOR} nearest. For
 * one thread.
 */
final class ListAssigner {

  private static final int BUFFER_BYTES = 4 << 20;

  /** Groups whose lists a vector is compared with. */
  private static final int GROUPS_PER_VECTOR = 4;

  private final Kernels kernels = KernelSelection.best();
  private final CoarseQuantizer coarse;
  private final int[] lists;
  private final int dimension;
  private final int capacity;
  private final float[] points;
  private final int[] ords;
  private final float[] squaredNorms;
  private final float[] lengths;
  private final int[] nearest;
  private final float[] minimum;
  private final Grouped grouped;

  /** By list, the largest squared distance of what was assigned here. */
  private final float[] squaredRadius;

  /** By list, the largest length of what was assigned here. */
  private final float[] reach;

  private int pending;
  private long assigned;
  private double squaredDistances;

  /**
   * @param lists takes the list of each vector, by ordinal
   */
  ListAssigner(CoarseQuantizer coarse, int[] lists) {
    this.coarse = coarse;
    this.lists = lists;
    this.dimension = coarse.dimension();
    this.capacity = Math.clamp(BUFFER_BYTES / (Float.BYTES * dimension), 256, 8192);
    this.points = new float[capacity * dimension];
    this.ords = new int[capacity];
    this.squaredNorms = new float[capacity];
    this.lengths = new float[capacity];
    this.nearest = new int[capacity];
    this.minimum = new float[capacity];
    this.grouped = coarse.groups() == 1 ? null : new Grouped();
    this.squaredRadius = new float[coarse.lists()];
    this.reach = new float[coarse.lists()];
  }

  /** Takes a copy of a vector; its list is known after {@link #finish}. */
  void add(int ord, float[] vector) {
    int offset = pending * dimension;
    coarse.place(vector, points, offset);
    double square = 0;
    for (int d = 0; d < dimension; d++) {
      square += (double) points[offset + d] * points[offset + d];
    }
    squaredNorms[pending] = (float) square;
    double length = coarse.directions() ? VectorMath.squaredNorm(vector) : square;
    lengths[pending] = (float) Math.sqrt(length);
    ords[pending++] = ord;
    if (pending == capacity) {
      flush();
    }
  }

  void finish() {
    flush();
  }

  private void flush() {
    if (pending == 0) {
      return;
    }
    if (grouped == null) {
      kernels.nearest(points, 0, dimension, pending, coarse.children(0), nearest, 0, minimum);
    } else {
      grouped.nearest();
    }
    for (int i = 0; i < pending; i++) {
      int list = nearest[i];
      float square = Math.max(0, squaredNorms[i] + 2 * minimum[i]);
      lists[ords[i]] = list;
      squaredRadius[list] = Math.max(squaredRadius[list], square);
      reach[list] = Math.max(reach[list], lengths[i]);
      squaredDistances += square;
    }
    assigned += pending;
    pending = 0;
  }

  /** Mean squared distance of the assigned vectors from their centroids, 0 for none. */
  double distortion() {
    return assigned == 0 ? 0 : squaredDistances / assigned;
  }

  long assigned() {
    return assigned;
  }

  float radius(int list) {
    return (float) Math.sqrt(squaredRadius[list]);
  }

  float reach(int list) {
    return reach[list];
  }

  /** Nearest lists by way of the nearest groups. */
  private final class Grouped {
    private final Centroids parents = coarse.parents();
    private final int perVector = Math.min(GROUPS_PER_VECTOR, coarse.groups());
    private final float[] negative = new float[dimension];
    private final float[] scores = new float[parents.size()];

    /** Pairs of vector and group: of each vector its nearest groups. */
    private final int[] groups = new int[capacity * perVector];

    private final int[] starts = new int[coarse.groups() + 1];
    private final int[] order = new int[capacity * perVector];
    private final float[] gathered = new float[capacity * dimension];
    private final int[] found = new int[capacity];
    private final float[] foundMinimum = new float[capacity];

    void nearest() {
      for (int i = 0; i < pending; i++) {
        chooseGroups(i);
      }
      sortByGroup();
      Arrays.fill(minimum, 0, pending, Float.POSITIVE_INFINITY);
      Arrays.fill(nearest, 0, pending, 0);
      for (int g = 0; g < coarse.groups(); g++) {
        for (int from = starts[g]; from < starts[g + 1]; from += capacity) {
          searchGroup(g, from, Math.min(starts[g + 1], from + capacity));
        }
      }
    }

    private void chooseGroups(int i) {
      for (int d = 0; d < dimension; d++) {
        negative[d] = -points[i * dimension + d];
      }
      System.arraycopy(parents.halfSquaredNorms(), 0, scores, 0, scores.length);
      kernels.addProducts(
          negative, 0, dimension, parents.coordinates(), 0, scores.length, scores, 0);
      for (int n = 0; n < perVector; n++) {
        int best = 0;
        for (int g = 1; g < coarse.groups(); g++) {
          if (scores[g] < scores[best]) {
            best = g;
          }
        }
        groups[i * perVector + n] = best;
        scores[best] = Float.POSITIVE_INFINITY;
      }
    }

    private void sortByGroup() {
      int pairs = pending * perVector;
      Arrays.fill(starts, 0);
      for (int p = 0; p < pairs; p++) {
        starts[groups[p] + 1]++;
      }
      for (int g = 0; g < coarse.groups(); g++) {
        starts[g + 1] += starts[g];
      }
      int[] next = Arrays.copyOf(starts, coarse.groups());
      for (int p = 0; p < pairs; p++) {
        order[next[groups[p]]++] = p / perVector;
      }
    }

    private void searchGroup(int g, int from, int to) {
      int size = to - from;
      for (int i = 0; i < size; i++) {
        System.arraycopy(points, order[from + i] * dimension, gathered, i * dimension, dimension);
      }
      kernels.nearest(gathered, 0, dimension, size, coarse.children(g), found, 0, foundMinimum);
      for (int i = 0; i < size; i++) {
        int point = order[from + i];
        if (foundMinimum[i] < minimum[point]) {
          minimum[point] = foundMinimum[i];
          nearest[point] = coarse.firstList(g) + found[i];
        }
      }
    }
  }
}
