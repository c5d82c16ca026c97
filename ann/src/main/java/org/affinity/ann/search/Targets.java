/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.util.Arrays;
import java.util.List;

/**
 * The vectors a query compares with: one, or several interests of a person. A document counts by
 * the one nearest to it, so its score is the best of those that each alone would give. Immutable.
 */
public final class Targets {

  private final float[][] vectors;

  private Targets(float[][] vectors) {
    this.vectors = vectors;
  }

  /**
   * @param vector not copied; must not be changed afterwards
   */
  public static Targets of(float[] vector) {
    return new Targets(new float[][] {vector});
  }

  /**
   * @param vectors at least one, all of one dimension; not copied, must not be changed afterwards
   */
  public static Targets of(List<float[]> vectors) {
    if (vectors.isEmpty()) {
      throw new IllegalArgumentException("a vector is needed to compare with");
    }
    int dimension = vectors.get(0).length;
    for (float[] vector : vectors) {
      if (vector.length != dimension) {
        throw new IllegalArgumentException(
            "vectors of dimensions [" + dimension + "] and [" + vector.length + "] in one query");
      }
    }
    return new Targets(vectors.toArray(float[][]::new));
  }

  public int size() {
    return vectors.length;
  }

  public int dimension() {
    return vectors[0].length;
  }

  /** One of them; not to be changed. */
  public float[] get(int i) {
    return vectors[i];
  }

  /** The nearest target's signal against {@code vector}. */
  float signal(VectorSpace space, float[] vector) {
    float best = space.signal(vectors[0], vector);
    for (int i = 1; i < vectors.length; i++) {
      best = space.nearer(best, space.signal(vectors[i], vector));
    }
    return best;
  }

  /** The number of the nearest target, the first of several. */
  int nearest(VectorSpace space, float[] vector) {
    float best = signal(space, vector);
    for (int i = 0; i < vectors.length; i++) {
      if (space.signal(vectors[i], vector) == best) {
        return i;
      }
    }
    return 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Targets that && Arrays.deepEquals(vectors, that.vectors);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(vectors);
  }

  @Override
  public String toString() {
    return vectors.length + (vectors.length == 1 ? " vector" : " vectors");
  }
}
