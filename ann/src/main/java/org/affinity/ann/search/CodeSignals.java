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
  private final SignalEstimates.Estimator estimator;
  private final KnnVectorValues.DocIndexIterator docs;

  private CodeSignals(
      VectorSpace space,
      SignalEstimates.Estimator estimator,
      KnnVectorValues.DocIndexIterator docs) {
    this.space = space;
    this.estimator = estimator;
    this.docs = docs;
  }

  /**
   * Returns null where the segment has no codes for the field, or the reader is not one of a
   * segment. What {@link ExactVectors} does not see must not come here.
   */
  static CodeSignals of(LeafReader reader, String field, VectorSpace space, float[] target)
      throws IOException {
    if (!(FilterLeafReader.unwrap(reader) instanceof CodecReader segment)) {
      return null;
    }
    KnnVectorsReader vectors = segment.getVectorReader();
    if (vectors instanceof PerFieldKnnVectorsFormat.FieldsReader fields) {
      vectors = fields.getFieldReader(field);
    }
    SignalEstimates.Estimator estimator =
        vectors instanceof SignalEstimates codes ? codes.estimator(field, target) : null;
    FloatVectorValues values = estimator == null ? null : reader.getFloatVectorValues(field);
    return values == null || values.size() != estimator.size()
        ? null
        : new CodeSignals(space, estimator, values.iterator());
  }

  @Override
  public boolean advanceExact(int doc) throws IOException {
    return docs.docID() == doc || (docs.docID() < doc && docs.advance(doc) == doc);
  }

  @Override
  public float signal() throws IOException {
    return space.estimated(estimator.estimate(docs.index()));
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
