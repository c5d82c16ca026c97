/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.affinity.quantization.simd.KernelSelection;

/** A program for a child JVM: prints which kernels train, and a hash of what they train. */
final class TrainingProbe {

  private TrainingProbe() {}

  public static void main(String[] args) {
    System.out.println(KernelSelection.best().name());
    System.out.println(hash());
  }

  /** A hash of quantizers trained on fixed samples. */
  static int hash() {
    int hash = 0;
    List<float[]> sample = TestVectors.correlated(new Random(3), 21, 5, 2048);
    for (Metric metric : Metric.values()) {
      int bits = metric == Metric.L2 ? 8 : 4;
      ProductQuantizer quantizer =
          new ProductQuantizerTrainer(new PqParameters(21, 4, bits), metric, 1).train(sample);
      hash = 31 * hash + Arrays.hashCode(quantizer.toBytes());
    }
    return hash;
  }
}
