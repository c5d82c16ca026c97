/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The nearest centroids of many points: points in lanes, so that no register is ever reduced across
 * its lanes. Two registers of points are transposed into a tile and meet two centroids at a time,
 * each coordinate of which is broadcast once for both. Callers have checked the bounds.
 */
final class NearestMany {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final int LANES = FLOATS.length();
  private static final int TILE = 2 * LANES;

  private NearestMany() {}

  static void nearest(
      float[] points,
      int offset,
      int stride,
      int count,
      Centroids centroids,
      int[] assignment,
      int assignmentOffset,
      float[] minimum) {
    int dimension = centroids.dimension();
    float[] tile = new float[TILE * dimension];
    float[] best = new float[TILE];
    int[] nearest = new int[TILE];
    for (int i = 0; i < count; i += TILE) {
      int n = Math.min(TILE, count - i);
      transpose(points, offset + i * stride, stride, n, dimension, tile);
      scan(
          tile,
          dimension,
          centroids.size(),
          centroids.coordinates(),
          centroids.coordinatesOffset(),
          centroids.halfSquaredNorms(),
          centroids.normsOffset(),
          nearest,
          best);
      System.arraycopy(nearest, 0, assignment, assignmentOffset + i, n);
      if (minimum != null) {
        System.arraycopy(best, 0, minimum, assignmentOffset + i, n);
      }
    }
  }

  /** Coordinate d of point p goes to {@code d * TILE + p}; lanes past n keep what they had. */
  private static void transpose(
      float[] points, int offset, int stride, int n, int dimension, float[] tile) {
    for (int p = 0; p < n; p++) {
      int from = offset + p * stride;
      for (int d = 0, to = p; d < dimension; d++, to += TILE) {
        tile[to] = points[from + d];
      }
    }
  }

  private static void scan(
      float[] tile,
      int dimension,
      int size,
      float[] coordinates,
      int coordinatesOffset,
      float[] norms,
      int normsOffset,
      int[] nearest,
      float[] best) {
    FloatVector best0 = FloatVector.broadcast(FLOATS, Float.POSITIVE_INFINITY);
    FloatVector best1 = best0;
    FloatVector nearest0 = FloatVector.zero(FLOATS);
    FloatVector nearest1 = nearest0;
    FloatVector number = nearest0;
    for (int c = 0; c < size; c += 2) {
      FloatVector s0 = FloatVector.broadcast(FLOATS, norms[normsOffset + c]);
      FloatVector s1 = s0;
      FloatVector t0 = FloatVector.broadcast(FLOATS, norms[normsOffset + c + 1]);
      FloatVector t1 = t0;
      for (int d = 0, at = coordinatesOffset + c, p = 0;
          d < dimension;
          d++, at += size, p += TILE) {
        FloatVector x0 = FloatVector.fromArray(FLOATS, tile, p);
        FloatVector x1 = FloatVector.fromArray(FLOATS, tile, p + LANES);
        FloatVector s = FloatVector.broadcast(FLOATS, coordinates[at]);
        FloatVector t = FloatVector.broadcast(FLOATS, coordinates[at + 1]);
        s0 = s0.sub(x0.mul(s));
        s1 = s1.sub(x1.mul(s));
        t0 = t0.sub(x0.mul(t));
        t1 = t1.sub(x1.mul(t));
      }
      VectorMask<Float> less0 = s0.compare(VectorOperators.LT, best0);
      VectorMask<Float> less1 = s1.compare(VectorOperators.LT, best1);
      best0 = best0.blend(s0, less0);
      best1 = best1.blend(s1, less1);
      nearest0 = nearest0.blend(number, less0);
      nearest1 = nearest1.blend(number, less1);
      number = number.add(1);
      less0 = t0.compare(VectorOperators.LT, best0);
      less1 = t1.compare(VectorOperators.LT, best1);
      best0 = best0.blend(t0, less0);
      best1 = best1.blend(t1, less1);
      nearest0 = nearest0.blend(number, less0);
      nearest1 = nearest1.blend(number, less1);
      number = number.add(1);
    }
    best0.intoArray(best, 0);
    best1.intoArray(best, LANES);
    ((IntVector) nearest0.convertShape(VectorOperators.F2I, INTS, 0)).intoArray(nearest, 0);
    ((IntVector) nearest1.convertShape(VectorOperators.F2I, INTS, 0)).intoArray(nearest, LANES);
  }
}
