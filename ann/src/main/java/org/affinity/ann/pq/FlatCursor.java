/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import org.affinity.ann.scan.BlockCursor;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.simd.BlockLayout;
import org.apache.lucene.store.IndexInput;

/** Reads the blocks of a field whose codes lie in the order of ordinals. */
final class FlatCursor extends BlockCursor {

  private final int blockLength;

  /** -1 before the first. */
  private int number = -1;

  /**
   * @param codes this cursor's own slice of the field's blocks
   */
  FlatCursor(IndexInput codes, ProductQuantizer quantizer) throws IOException {
    super(codes, quantizer);
    this.blockLength = BlockLayout.VECTORS * quantizer.recordLength();
  }

  @Override
  public void go(int number) throws IOException {
    this.number = number;
    read((long) number * blockLength, blockLength);
  }

  @Override
  public int number() {
    return number;
  }

  @Override
  public int ord(int vector) {
    return number * BlockLayout.VECTORS + vector;
  }
}
