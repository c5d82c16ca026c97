/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import java.util.Arrays;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.simd.BlockLayout;
import org.apache.lucene.store.IndexOutput;

/** Writes records in blocks of 128: their codes transposed, then their weights. */
final class BlockWriter {

  private final IndexOutput out;
  private final int recordLength;
  private final int codeLength;
  private final byte[] records;
  private final byte[] codes;
  private final byte[] weights;
  private int pending;

  BlockWriter(ProductQuantizer quantizer, IndexOutput out) {
    this.out = out;
    this.recordLength = quantizer.recordLength();
    this.codeLength = quantizer.parameters().codeLength();
    this.records = new byte[BlockLayout.VECTORS * recordLength];
    this.codes = new byte[BlockLayout.VECTORS * codeLength];
    this.weights = new byte[BlockLayout.VECTORS * (recordLength - codeLength)];
  }

  void add(byte[] record) throws IOException {
    System.arraycopy(record, 0, records, pending * recordLength, recordLength);
    if (++pending == BlockLayout.VECTORS) {
      write();
    }
  }

  /** Writes what is left, filled up with zeros. */
  void finish() throws IOException {
    if (pending > 0) {
      write();
    }
  }

  private void write() throws IOException {
    BlockLayout.pack(records, 0, recordLength, pending, codeLength, codes, 0);
    int weight = recordLength - codeLength;
    Arrays.fill(weights, (byte) 0);
    for (int i = 0; i < pending; i++) {
      System.arraycopy(records, i * recordLength + codeLength, weights, i * weight, weight);
    }
    out.writeBytes(codes, codes.length);
    out.writeBytes(weights, weights.length);
    pending = 0;
  }
}
