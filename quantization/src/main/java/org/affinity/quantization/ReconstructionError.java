/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import java.util.List;

/**
 * How much of a set of vectors a codebook loses.
 *
 * @param meanSquared mean of ‖x − decode(encode(x))‖²
 * @param relative {@code meanSquared} over the mean of ‖x‖²: 0 is lossless, 1 is as bad as storing
 *     zeros; 0 when all vectors are zero
 */
public record ReconstructionError(double meanSquared, double relative) {

  /** Measures {@code quantizer} on {@code vectors}, of which there must be at least one. */
  public static ReconstructionError of(ProductQuantizer quantizer, List<float[]> vectors) {
    if (vectors.isEmpty()) {
      throw new IllegalArgumentException("no vectors to measure the reconstruction error on");
    }
    byte[] code = new byte[quantizer.codeLength()];
    float[] decoded = new float[quantizer.parameters().dimension()];
    double lost = 0;
    double total = 0;
    for (float[] vector : vectors) {
      quantizer.encode(vector, code, 0);
      quantizer.decode(code, 0, decoded);
      lost += VectorMath.squaredDistance(vector, decoded);
      total += VectorMath.squaredNorm(vector);
    }
    return new ReconstructionError(lost / vectors.size(), total == 0 ? 0 : lost / total);
  }
}
