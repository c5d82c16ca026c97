/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Values to bytes, a register of values at a time. Callers have checked the bounds. */
final class Scale {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = FLOATS.length();

  /** As many bytes as there are values in a register; none where that is less than any register. */
  private static final VectorSpecies<Byte> BYTES =
      LANES >= 8 ? VectorSpecies.of(byte.class, VectorShape.forBitSize(LANES * Byte.SIZE)) : null;

  private Scale() {}

  static void toBytes(
      float[] values,
      int offset,
      int count,
      float low,
      float perStep,
      int largest,
      byte[] bytes,
      int bytesOffset) {
    int i = 0;
    if (BYTES != null) {
      for (; i <= count - LANES; i += LANES) {
        FloatVector scaled =
            FloatVector.fromArray(FLOATS, values, offset + i)
                .sub(low)
                .mul(perStep)
                .add(0.5f)
                .max(0)
                .min(largest);
        ByteVector some =
            (ByteVector)
                scaled.convert(VectorOperators.F2I, 0).convertShape(VectorOperators.I2B, BYTES, 0);
        some.intoArray(bytes, bytesOffset + i);
      }
    }
    for (; i < count; i++) {
      bytes[bytesOffset + i] = ScalarKernels.toByte(values[offset + i], low, perStep, largest);
    }
  }
}
