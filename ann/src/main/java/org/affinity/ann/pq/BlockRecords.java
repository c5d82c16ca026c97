/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.simd.BlockLayout;
import org.apache.lucene.store.IndexInput;

/** Records out of blocks, best in the order of their ordinals: a block is read once. */
final class BlockRecords implements CodedVectors.Records {

  private final IndexInput codes;
  private final int codeLength;
  private final int weightLength;
  private final byte[] block;
  private int current = -1;

  /**
   * @param codes the field's blocks
   */
  BlockRecords(ProductQuantizer quantizer, IndexInput codes) {
    this.codes = codes;
    this.codeLength = quantizer.parameters().codeLength();
    this.weightLength = quantizer.recordLength() - codeLength;
    this.block = new byte[BlockLayout.VECTORS * quantizer.recordLength()];
  }

  @Override
  public void read(int ord, byte[] record, int offset) throws IOException {
    int wanted = ord / BlockLayout.VECTORS;
    if (wanted != current) {
      codes.seek((long) wanted * block.length);
      codes.readBytes(block, 0, block.length);
      current = wanted;
    }
    int vector = ord % BlockLayout.VECTORS;
    BlockLayout.code(block, 0, codeLength, vector, record, offset);
    int weights = BlockLayout.VECTORS * codeLength;
    System.arraycopy(
        block, weights + vector * weightLength, record, offset + codeLength, weightLength);
  }
}
