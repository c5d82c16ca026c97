/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import org.affinity.ann.search.SignalEstimates;
import org.affinity.quantization.DistanceTable;
import org.affinity.quantization.ProductQuantizer;
import org.apache.lucene.store.AlreadyClosedException;

/** Estimates from records, one by one in whatever order. For one thread. */
public final class RecordEstimator implements SignalEstimates.Estimator {

  private final CodedVectors.Records records;
  private final DistanceTable table;
  private final byte[] record;
  private final int size;

  private RecordEstimator(
      CodedVectors.Records records, ProductQuantizer quantizer, float[] target, int size) {
    this.records = records;
    this.table = quantizer.bind(target);
    this.record = new byte[quantizer.recordLength()];
    this.size = size;
  }

  /**
   * Binds a query vector.
   *
   * @param records null where there are none
   * @param size number of vectors
   * @return null without records, or if no code can stand for so large a vector
   */
  public static RecordEstimator of(
      CodedVectors.Records records, ProductQuantizer quantizer, float[] target, int size) {
    return records == null || !ProductQuantizer.bindable(target)
        ? null
        : new RecordEstimator(records, quantizer, target, size);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public float estimate(int ord) throws IOException {
    try {
      records.read(ord, record, 0);
    } catch (IllegalStateException e) {
      throw new AlreadyClosedException("the codes were closed during a search", e);
    }
    return table.score(record, 0);
  }
}
