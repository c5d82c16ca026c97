/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.FilterLeafReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReader;

/** Signals estimated from a segment's codes: approximate, without a look at its raw vectors. */
final class CodeSignals implements SegmentSignals {

  private final VectorSpace space;

  /** By query vector. */
  private final SignalEstimates.Estimator[] estimators;

  private final KnnVectorValues.DocIndexIterator docs;

  private CodeSignals(
      VectorSpace space,
      SignalEstimates.Estimator[] estimators,
      KnnVectorValues.DocIndexIterator docs) {
    this.space = space;
    this.estimators = estimators;
    this.docs = docs;
  }

  /**
   * Returns null where the segment has no codes for the field, or the reader is not one of a
   * segment. What {@link ExactVectors} does not see must not come here.
   */
  static CodeSignals of(LeafReader reader, String field, VectorSpace space, Targets targets)
      throws IOException {
    if (!(FilterLeafReader.unwrap(reader) instanceof CodecReader segment)) {
      return null;
    }
    KnnVectorsReader vectors = segment.getVectorReader();
    if (vectors instanceof PerFieldKnnVectorsFormat.FieldsReader fields) {
      vectors = fields.getFieldReader(field);
    }
    FloatVectorValues values = reader.getFloatVectorValues(field);
    if (values == null || !(vectors instanceof SignalEstimates codes)) {
      return null;
    }
    SignalEstimates.Estimator[] estimators = new SignalEstimates.Estimator[targets.size()];
    for (int i = 0; i < estimators.length; i++) {
      estimators[i] = codes.estimator(field, targets.get(i));
      if (estimators[i] == null || values.size() != estimators[i].size()) {
        return null;
      }
    }
    return new CodeSignals(space, estimators, values.iterator());
  }

  @Override
  public boolean advanceExact(int doc) throws IOException {
    return SegmentSignals.moveTo(doc, docs);
  }

  @Override
  public float signal() throws IOException {
    int ord = docs.index();
    float best = space.estimated(estimators[0].estimate(ord));
    for (int i = 1; i < estimators.length; i++) {
      best = space.nearer(best, space.estimated(estimators[i].estimate(ord)));
    }
    return best;
  }

  @Override
  public String nearest() throws IOException {
    float best = signal();
    for (int i = 0; estimators.length > 1 && i < estimators.length; i++) {
      if (space.estimated(estimators[i].estimate(docs.index())) == best) {
        return ", interest " + (i + 1) + " of " + estimators.length;
      }
    }
    return "";
  }

  @Override
  public long signals(int[] batch, int count, float[] signals) throws IOException {
    long found = 0;
    for (int i = 0; i < count; i++) {
      if (advanceExact(batch[i])) {
        found |= 1L << i;
        signals[i] = signal();
      }
    }
    return found;
  }
}
