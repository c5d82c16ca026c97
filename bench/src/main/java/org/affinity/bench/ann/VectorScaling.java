/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import org.affinity.ann.search.VectorSpace;

/** In which space a candidate compares vectors, and what it does to them before. */
record VectorScaling(VectorSpace space, boolean scales) {

  static VectorScaling of(VectorSpace space, boolean unit) {
    return unit && space == VectorSpace.COSINE
        ? new VectorScaling(VectorSpace.INNER_PRODUCT, true)
        : new VectorScaling(space, false);
  }

  /** Changes the vector in place, and returns it. */
  float[] apply(float[] vector) {
    if (scales) {
      double square = 0;
      for (float value : vector) {
        square += (double) value * value;
      }
      double factor = square == 0 ? 1 : 1 / Math.sqrt(square);
      for (int d = 0; d < vector.length; d++) {
        vector[d] = (float) (vector[d] * factor);
      }
    }
    return vector;
  }
}
