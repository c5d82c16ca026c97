/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import java.util.List;
import jdk.incubator.vector.ByteVector;

/** The implementations that need the Vector API. Load this class only where that is there. */
final class VectorImplementations {

  private VectorImplementations() {}

  /** Bits of the registers the JVM prefers here. */
  static int preferredBits() {
    return ByteVector.SPECIES_PREFERRED.vectorBitSize();
  }

  /** All, widest first, whatever the machine. */
  static List<Kernels> all() {
    return List.of(new Vector512Kernels(), new Vector256Kernels());
  }

  /** Those the machine has registers for, widest first. */
  static List<Kernels> suitable() {
    int bits = preferredBits();
    if (bits >= 512) {
      return all();
    }
    return bits == 256 ? List.of(new Vector256Kernels()) : List.of();
  }
}
