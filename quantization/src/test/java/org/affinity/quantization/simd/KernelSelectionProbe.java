/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import java.util.List;

/** A program for a child JVM: prints what is chosen and whether it computes what it should. */
final class KernelSelectionProbe {

  private KernelSelectionProbe() {}

  public static void main(String[] args) {
    System.out.println(KernelSelection.describe());
    for (KernelTrial trial :
        List.of(
            KernelTrial.scan(4), KernelTrial.scan(6), KernelTrial.scan(8), KernelTrial.nearest())) {
      for (Kernels kernels : KernelSelection.usable()) {
        if (!trial.agrees(kernels, new ScalarKernels())) {
          throw new AssertionError(kernels.name() + " " + trial.name());
        }
      }
      if (!trial.agrees(KernelSelection.best(), new ScalarKernels())) {
        throw new AssertionError(trial.name());
      }
    }
    System.out.println("right");
  }
}
