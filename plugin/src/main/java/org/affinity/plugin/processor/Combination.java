/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.List;
import java.util.Locale;

/** How the vectors of several fields become one. Adds in double precision, in the given order. */
enum Combination {
  /** Σ wᵢ·vᵢ over the fields that have a vector. */
  SUM,
  /** Σ wᵢ·vᵢ / Σ wᵢ over the fields that have a vector. */
  MEAN,
  /** wᵢ·vᵢ one after the other; zeros for a field that has none. */
  CONCAT;

  /**
   * A field's share.
   *
   * @param vectors found for its values, which count as their mean; may be empty
   * @param dimension of its vectors, known even where none was found if they are concatenated
   */
  record Part(List<float[]> vectors, double weight, int dimension) {

    private void addTo(double[] sum, int offset) {
      for (float[] vector : vectors) {
        for (int i = 0; i < vector.length; i++) {
          sum[offset + i] += weight * vector[i] / vectors.size();
        }
      }
    }
  }

  /**
   * Combines.
   *
   * @param parts with vectors of their dimension; all of one dimension unless they are
   *     concatenated; one at least has a vector
   */
  float[] combine(List<Part> parts) {
    int dimension =
        this == CONCAT
            ? parts.stream().mapToInt(Part::dimension).sum()
            : parts.stream().mapToInt(Part::dimension).max().orElseThrow();
    double[] sum = new double[dimension];
    int offset = 0;
    double weights = 0;
    for (Part part : parts) {
      part.addTo(sum, offset);
      offset += this == CONCAT ? part.dimension() : 0;
      weights += part.vectors().isEmpty() ? 0 : part.weight();
    }
    float[] combined = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      combined[i] = (float) (this == MEAN ? sum[i] / weights : sum[i]);
    }
    return combined;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
