/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import java.util.List;

/**
 * How much of a set of vectors a quantizer loses. Under {@link Metric#COSINE} of the vectors scaled
 * to length 1.
 *
 * @param meanSquared mean of ‖x − decode(encode(x))‖²
 * @param relative {@code meanSquared} over the vectors' mean squared distance from the quantizer's
 *     mean: 0 is lossless, 1 as bad as keeping the mean alone; 0 when nothing can be lost
 */
public record ReconstructionError(double meanSquared, double relative) {

  /** Measures {@code quantizer} on {@code vectors}, of which there must be at least one. */
  public static ReconstructionError of(ProductQuantizer quantizer, List<float[]> vectors) {
    if (vectors.isEmpty()) {
      throw new IllegalArgumentException("no vectors to measure the reconstruction error on");
    }
    VectorEncoder encoder = quantizer.encoder();
    Frame frame = quantizer.frame();
    byte[] record = new byte[quantizer.recordLength()];
    float[] unit = new float[frame.dimension()];
    double lost = 0;
    double total = 0;
    for (float[] vector : vectors) {
      lost += encoder.lost(vector, record);
      total += VectorMath.squaredDistance(Frame.scaled(frame.metric(), vector, unit), frame.mean());
    }
    return new ReconstructionError(lost / vectors.size(), total == 0 ? 0 : lost / total);
  }

  /**
   * How far vectors have drifted from those a quantizer was trained on: its mean squared error on
   * {@code vectors} over that on its training sample. About 1 while they are alike; from 1.15 on a
   * codebook of their own would serve them noticeably better. A codebook of a sample below 2,048
   * vectors knows those by heart, so even vectors like them show a drift.
   */
  public static double drift(ProductQuantizer quantizer, List<float[]> vectors) {
    double now = of(quantizer, vectors).meanSquared();
    double then = quantizer.training().error().meanSquared();
    if (now == then) {
      return 1;
    }
    return then == 0 ? Double.POSITIVE_INFINITY : now / then;
  }
}
