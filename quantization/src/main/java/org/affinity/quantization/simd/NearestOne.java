/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The nearest centroid of one point: centroids in lanes. Lane i meets centroids i, i + lanes, ...
 * in order and keeps its first best; among the lanes' best the lowest number wins. Numbers are kept
 * as floats (exact to 2^24) so that one mask serves both. Callers have checked the bounds.
 */
final class NearestOne {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = FLOATS.length();

  private NearestOne() {}

  static int nearest(float[] x, int offset, Centroids centroids) {
    int size = centroids.size();
    int dimension = centroids.dimension();
    float[] coordinates = centroids.coordinates();
    float[] norms = centroids.halfSquaredNorms();
    FloatVector best = FloatVector.broadcast(FLOATS, Float.POSITIVE_INFINITY);
    FloatVector nearest = FloatVector.zero(FLOATS);
    FloatVector number = FloatVector.zero(FLOATS).addIndex(1);
    for (int c = 0; c < size; c += LANES) {
      FloatVector t = FloatVector.fromArray(FLOATS, norms, centroids.normsOffset() + c);
      int at = centroids.coordinatesOffset() + c;
      for (int d = 0; d < dimension; d++, at += size) {
        t = t.sub(FloatVector.fromArray(FLOATS, coordinates, at).mul(x[offset + d]));
      }
      VectorMask<Float> less = t.compare(VectorOperators.LT, best);
      best = best.blend(t, less);
      nearest = nearest.blend(number, less);
      number = number.add(LANES);
    }
    float least = best.reduceLanes(VectorOperators.MIN);
    VectorMask<Float> ties = best.compare(VectorOperators.EQ, least);
    return (int)
        FloatVector.broadcast(FLOATS, Float.POSITIVE_INFINITY)
            .blend(nearest, ties)
            .reduceLanes(VectorOperators.MIN);
  }
}
