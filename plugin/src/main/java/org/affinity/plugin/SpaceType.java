/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.util.Arrays;
import java.util.Locale;
import org.affinity.ann.search.VectorSpace;

/** The values of {@code space_type}, named as in the k-NN plugin. */
enum SpaceType {
  L2(VectorSpace.L2),
  COSINESIMIL(VectorSpace.COSINE),
  INNERPRODUCT(VectorSpace.INNER_PRODUCT);

  private final VectorSpace space;

  SpaceType(VectorSpace space) {
    this.space = space;
  }

  VectorSpace space() {
    return space;
  }

  static SpaceType parse(Object value) {
    for (SpaceType type : values()) {
      if (type.toString().equals(value)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "[space_type] must be one of " + Arrays.toString(values()) + ", got [" + value + "]");
  }

  /** The name in JSON. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
