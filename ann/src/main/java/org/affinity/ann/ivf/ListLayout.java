/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import org.affinity.quantization.simd.BlockLayout;

/**
 * Where things are in a block of a list; see {@link AffinityIvfPqVectorsFormat}.
 *
 * @param codeLength bytes of a code
 * @param weighted whether a weight of two bytes follows each code
 */
record ListLayout(int codeLength, boolean weighted) {

  static final int WEIGHT_BYTES = 2;

  static ListLayout of(int codeLength, int recordLength) {
    return new ListLayout(codeLength, recordLength > codeLength);
  }

  int recordLength() {
    return codeLength + (weighted ? WEIGHT_BYTES : 0);
  }

  int weights() {
    return BlockLayout.VECTORS * codeLength;
  }

  int ordinals() {
    return weights() + (weighted ? BlockLayout.VECTORS * WEIGHT_BYTES : 0);
  }

  int firstOrdinal(int bits) {
    return ordinals() + (BlockLayout.VECTORS / Byte.SIZE) * bits;
  }

  int blockLength(int bits) {
    int end = firstOrdinal(bits) + Long.BYTES;
    int alignment = AffinityIvfPqVectorsFormat.ALIGNMENT;
    return (end + alignment - 1) / alignment * alignment;
  }
}
