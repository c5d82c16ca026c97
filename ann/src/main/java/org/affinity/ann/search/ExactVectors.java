/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import org.apache.lucene.codecs.lucene95.HasIndexSlice;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.store.IndexInput;

/**
 * The exact signal of a segment's raw vectors against one query vector, by document. Documents must
 * be asked for in ascending order. For one thread.
 */
final class ExactVectors implements SegmentSignals {

  /** Floats that are read ahead, at most, unless one vector alone has more. */
  private static final int READ_AHEAD = 4096;

  private final VectorSpace space;
  private final float[] target;
  private final FloatVectorValues values;
  private final KnnVectorValues.DocIndexIterator docs;

  /** Where the vectors lie one behind the other; null where nobody tells. */
  private final IndexInput slice;

  /**
   * Vectors on their way: read first and compared afterwards, so that one's cache misses hide
   * behind another's. Made when first needed.
   */
  private float[][] rows;

  private final int[] ords = new int[BATCH];
  private final int[] places = new int[BATCH];

  private ExactVectors(VectorSpace space, float[] target, FloatVectorValues values) {
    this.space = space;
    this.target = target;
    this.values = values;
    this.docs = values.iterator();
    this.slice = slice(values);
  }

  private static IndexInput slice(FloatVectorValues values) {
    IndexInput slice = values instanceof HasIndexSlice sliced ? sliced.getSlice() : null;
    long length = (long) values.size() * values.dimension() * Float.BYTES;
    return slice != null && slice.length() == length ? slice : null;
  }

  /**
   * Returns null where no document of the segment has the field, or the reader hides it: one that
   * hides fields, for field-level security, may filter no more than their infos.
   */
  static ExactVectors of(LeafReader reader, String field, VectorSpace space, float[] target)
      throws IOException {
    if (reader.getFieldInfos().fieldInfo(field) == null) {
      return null;
    }
    FloatVectorValues values = reader.getFloatVectorValues(field);
    if (values == null || values.size() == 0) {
      return null;
    }
    if (values.dimension() != target.length) {
      throw new IllegalArgumentException(
          "field ["
              + field
              + "] has dimension ["
              + values.dimension()
              + "], the query vector ["
              + target.length
              + "]");
    }
    return new ExactVectors(space, target, values);
  }

  /** Number of vectors, those of deleted documents included. */
  int size() {
    return values.size();
  }

  /** The documents that have a vector; moves together with {@link #advanceExact}. */
  KnnVectorValues.DocIndexIterator docs() {
    return docs;
  }

  @Override
  public boolean advanceExact(int doc) throws IOException {
    return docs.docID() == doc || (docs.docID() < doc && docs.advance(doc) == doc);
  }

  @Override
  public float signal() throws IOException {
    return space.signal(target, values.vectorValue(docs.index()));
  }

  @Override
  public long signals(int[] batch, int count, float[] signals) throws IOException {
    long found = 0;
    int vectors = 0;
    for (int i = 0; i < count; i++) {
      if (advanceExact(batch[i])) {
        found |= 1L << i;
        ords[vectors] = docs.index();
        places[vectors++] = i;
      }
    }
    if (rows == null) {
      int ahead = Math.clamp(READ_AHEAD / target.length, 1, BATCH);
      rows = new float[ahead][target.length];
    }
    for (int from = 0; from < vectors; from += rows.length) {
      int end = Math.min(vectors, from + rows.length);
      for (int i = from; i < end; i++) {
        read(ords[i], rows[i - from]);
      }
      for (int i = from; i < end; i++) {
        signals[places[i]] = space.signal(target, rows[i - from]);
      }
    }
    return found;
  }

  private void read(int ord, float[] row) throws IOException {
    if (slice == null) {
      System.arraycopy(values.vectorValue(ord), 0, row, 0, row.length);
    } else {
      slice.seek((long) ord * row.length * Float.BYTES);
      slice.readFloats(row, 0, row.length);
    }
  }

  /** The score of the current document. */
  float score() throws IOException {
    return space.score(signal());
  }
}
