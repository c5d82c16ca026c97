/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.io.IOException;
import org.affinity.quantization.simd.BlockLayout;
import org.apache.lucene.store.DataInput;
import org.apache.lucene.store.DataOutput;

/**
 * Where a list is and what holds for all its vectors.
 *
 * @param offset first byte of its first block, relative to the field's lists
 * @param count vectors
 * @param bits of an ordinal in its blocks, 0 to 31
 * @param radius largest distance of a vector from the list's centroid
 * @param reach largest length of a vector
 * @param lowestWeight of a record, 1 where there are none
 * @param highestWeight of a record, 1 where there are none
 */
record ListEntry(
    long offset,
    int count,
    int bits,
    float radius,
    float reach,
    float lowestWeight,
    float highestWeight) {

  static final int BYTES = 32;

  int blocks() {
    return (count + BlockLayout.VECTORS - 1) / BlockLayout.VECTORS;
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(offset);
    out.writeInt(count);
    out.writeInt(bits);
    out.writeInt(Float.floatToIntBits(radius));
    out.writeInt(Float.floatToIntBits(reach));
    out.writeInt(Float.floatToIntBits(lowestWeight));
    out.writeInt(Float.floatToIntBits(highestWeight));
  }

  static ListEntry read(DataInput in) throws IOException {
    return new ListEntry(
        in.readLong(),
        in.readInt(),
        in.readInt(),
        Float.intBitsToFloat(in.readInt()),
        Float.intBitsToFloat(in.readInt()),
        Float.intBitsToFloat(in.readInt()),
        Float.intBitsToFloat(in.readInt()));
  }
}
