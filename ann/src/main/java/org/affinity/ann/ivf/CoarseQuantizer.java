/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.io.IOException;
import java.util.Arrays;
import org.affinity.quantization.VectorMath;
import org.affinity.quantization.simd.Centroids;

/**
 * Cuts the space into the cells of the lists: a vector belongs to the list whose centroid is
 * nearest in Euclidean distance. Where there are many, centroids come in groups, each with a
 * centroid of its own, so that neither building nor searching compares with all of them. Immutable
 * and safe for use by any number of threads.
 *
 * <p>Under cosine, and under inner product where lengths vary, vectors are first scaled to length
 * 1: what decides is where they point.
 */
final class CoarseQuantizer {

  /** Up to so many lists there is one group: all centroids fit the processor's cache. */
  static final int ONE_GROUP = 1024;

  private static final long SEED = 0x5EEDL;

  private final int dimension;
  private final boolean directions;

  /** {@code [groups][dimension]}. */
  private final float[] groupRows;

  /** {@code [lists][dimension]}. */
  private final float[] rows;

  /** By group, its first list; at the end the number of lists. */
  private final int[] firstList;

  private final Centroids parents;
  private final Centroids[] children;

  /**
   * @param groupSizes lists of each group, at least one
   */
  CoarseQuantizer(
      int dimension, boolean directions, int[] groupSizes, float[] groupRows, float[] rows) {
    this.dimension = dimension;
    this.directions = directions;
    this.groupRows = groupRows;
    this.rows = rows;
    this.firstList = new int[groupSizes.length + 1];
    this.parents = Centroids.transposed(groupRows, 0, dimension, groupSizes.length);
    this.children = new Centroids[groupSizes.length];
    for (int g = 0; g < groupSizes.length; g++) {
      firstList[g + 1] = firstList[g] + groupSizes[g];
      children[g] = Centroids.transposed(rows, firstList[g] * dimension, dimension, groupSizes[g]);
    }
  }

  /**
   * Learns centroids.
   *
   * @param points {@code [count][dimension]}, at least one, already of length 1 for directions
   * @param lists wanted; with groups there may be a few more or fewer
   */
  static CoarseQuantizer train(
      float[] points, int count, int dimension, boolean directions, int lists, AbortCheck abort)
      throws IOException {
    int wanted = Math.min(lists, count);
    if (wanted <= ONE_GROUP) {
      float[] rows = Clustering.cluster(points, count, dimension, wanted, SEED, null, abort);
      float[] mean = Clustering.cluster(points, count, dimension, 1, SEED, null, abort);
      return new CoarseQuantizer(dimension, directions, new int[] {wanted}, mean, rows);
    }
    int groups = (int) Math.round(Math.sqrt(wanted));
    int[] assignment = new int[count];
    float[] groupRows =
        Clustering.cluster(points, count, dimension, groups, SEED, assignment, abort);
    return trainChildren(
        points, count, dimension, directions, wanted, groupRows, assignment, abort);
  }

  private static CoarseQuantizer trainChildren(
      float[] points,
      int count,
      int dimension,
      boolean directions,
      int wanted,
      float[] groupRows,
      int[] assignment,
      AbortCheck abort)
      throws IOException {
    int groups = groupRows.length / dimension;
    int[] members = new int[groups];
    for (int i = 0; i < count; i++) {
      members[assignment[i]]++;
    }
    int[] sizes = new int[groups];
    int kept = 0;
    int lists = 0;
    float[] rows = new float[(wanted + groups) * dimension];
    float[] keptGroups = new float[groupRows.length];
    for (int g = 0; g < groups; g++) {
      if (members[g] == 0) {
        continue;
      }
      float[] own = new float[members[g] * dimension];
      for (int i = 0, to = 0; i < count; i++) {
        if (assignment[i] == g) {
          System.arraycopy(points, i * dimension, own, to, dimension);
          to += dimension;
        }
      }
      int share = Math.clamp(Math.round((double) wanted * members[g] / count), 1, members[g]);
      float[] centroids =
          Clustering.cluster(own, members[g], dimension, share, SEED + g, null, abort);
      System.arraycopy(centroids, 0, rows, lists * dimension, centroids.length);
      System.arraycopy(groupRows, g * dimension, keptGroups, kept * dimension, dimension);
      lists += share;
      sizes[kept++] = share;
    }
    return new CoarseQuantizer(
        dimension,
        directions,
        Arrays.copyOf(sizes, kept),
        Arrays.copyOf(keptGroups, kept * dimension),
        Arrays.copyOf(rows, lists * dimension));
  }

  int dimension() {
    return dimension;
  }

  /** Whether vectors are scaled to length 1 before they are compared. */
  boolean directions() {
    return directions;
  }

  int lists() {
    return firstList[groups()];
  }

  int groups() {
    return children.length;
  }

  int firstList(int group) {
    return firstList[group];
  }

  /** The groups' own centroids. */
  Centroids parents() {
    return parents;
  }

  /** The centroids of a group's lists. */
  Centroids children(int group) {
    return children[group];
  }

  float[] groupRows() {
    return groupRows;
  }

  float[] rows() {
    return rows;
  }

  /** Writes what is compared with centroids. */
  void place(float[] vector, float[] points, int offset) {
    place(directions, vector, points, offset);
  }

  static void place(boolean directions, float[] vector, float[] points, int offset) {
    double norm = directions ? Math.sqrt(VectorMath.squaredNorm(vector)) : 1;
    if (!directions || norm == 0 || !(norm <= Float.MAX_VALUE)) {
      System.arraycopy(vector, 0, points, offset, vector.length);
      return;
    }
    for (int d = 0; d < vector.length; d++) {
      points[offset + d] = (float) (vector[d] / norm);
    }
  }

  /** Heap held, in bytes. */
  long ramBytesUsed() {
    // Rows and their transposition.
    return 2L * Float.BYTES * (rows.length + groupRows.length);
  }
}
