/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

/** What a query and a vector are compared by. A larger score is always better. */
public enum Metric {
  /** ⟨q, x⟩. */
  INNER_PRODUCT {
    @Override
    public float score(float[] query, float[] vector) {
      return VectorMath.dot(query, vector);
    }
  },
  /** The inner product of the vectors scaled to length 1, so -1 to 1. A zero vector scores 0. */
  COSINE {
    @Override
    public float score(float[] query, float[] vector) {
      float cosine = VectorMath.cosine(query, vector);
      return Float.isNaN(cosine) ? 0 : cosine;
    }
  },
  /** −‖q − x‖²: the squared distance with its sign turned, so never above 0. */
  L2 {
    @Override
    public float score(float[] query, float[] vector) {
      return -VectorMath.squareDistance(query, vector);
    }
  };

  /** The exact score of two vectors of one length. */
  public abstract float score(float[] query, float[] vector);
}
