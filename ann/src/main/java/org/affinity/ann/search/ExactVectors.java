/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.affinity.quantization.simd.KernelSelection;
import org.affinity.quantization.simd.Kernels;
import org.affinity.quantization.simd.RowComparison;
import org.apache.lucene.codecs.lucene95.HasIndexSlice;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.MemorySegmentAccessInput;

/**
 * The exact signal of a segment's raw vectors against a query's, by document. Documents must be
 * asked for in ascending order. For one thread.
 */
final class ExactVectors implements SegmentSignals {

  private final VectorSpace space;
  private final Targets targets;
  private final FloatVectorValues values;
  private final KnnVectorValues.DocIndexIterator docs;

  /** All vectors, one behind the other; null where they are not mapped in one piece. */
  private final MemorySegment mapped;

  private final float[] scratch;
  private final int[] ords = new int[BATCH];
  private final int[] places = new int[BATCH];
  private final float[] compared = new float[BATCH];
  private final float[] others = new float[BATCH];

  private ExactVectors(VectorSpace space, Targets targets, FloatVectorValues values)
      throws IOException {
    this.space = space;
    this.targets = targets;
    this.values = values;
    this.docs = values.iterator();
    this.mapped = mapped(values);
    this.scratch = new float[targets.dimension()];
  }

  private static MemorySegment mapped(FloatVectorValues values) throws IOException {
    long length = (long) values.size() * values.dimension() * Float.BYTES;
    return values instanceof HasIndexSlice sliced
            && sliced.getSlice() instanceof MemorySegmentAccessInput input
            && sliced.getSlice().length() == length
        ? input.segmentSliceOrNull(0, length)
        : null;
  }

  static ExactVectors of(LeafReader reader, String field, VectorSpace space, float[] target)
      throws IOException {
    return of(reader, field, space, Targets.of(target));
  }

  /**
   * Returns null where no document of the segment has the field, or the reader hides it: one that
   * hides fields, for field-level security, may filter no more than their infos.
   */
  static ExactVectors of(LeafReader reader, String field, VectorSpace space, Targets targets)
      throws IOException {
    if (reader.getFieldInfos().fieldInfo(field) == null) {
      return null;
    }
    FloatVectorValues values = reader.getFloatVectorValues(field);
    if (values == null || values.size() == 0) {
      return null;
    }
    if (values.dimension() != targets.dimension()) {
      throw new IllegalArgumentException(
          "field ["
              + field
              + "] has dimension ["
              + values.dimension()
              + "], the query vector ["
              + targets.dimension()
              + "]");
    }
    return new ExactVectors(space, targets, values);
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
    return SegmentSignals.moveTo(doc, docs);
  }

  @Override
  public float signal() throws IOException {
    return targets.signal(space, values.vectorValue(docs.index()));
  }

  @Override
  public String nearest() throws IOException {
    return targets.size() == 1
        ? ""
        : ", interest "
            + (targets.nearest(space, values.vectorValue(docs.index())) + 1)
            + " of "
            + targets.size();
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
    if (mapped != null) {
      compareMapped(vectors);
    } else {
      compareCopies(vectors);
    }
    for (int i = 0; i < vectors; i++) {
      signals[places[i]] = compared[i];
    }
    return found;
  }

  private void compareMapped(int count) {
    Kernels kernels = KernelSelection.best();
    RowComparison comparison = space.comparison();
    try {
      kernels.compareRows(comparison, targets.get(0), mapped, ords, count, compared, scratch);
      for (int t = 1; t < targets.size(); t++) {
        kernels.compareRows(comparison, targets.get(t), mapped, ords, count, others, scratch);
        for (int i = 0; i < count; i++) {
          compared[i] = space.nearer(compared[i], others[i]);
        }
      }
    } catch (IllegalStateException e) {
      throw new AlreadyClosedException("the vectors were closed during a search", e);
    }
  }

  private void compareCopies(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      compared[i] = targets.signal(space, values.vectorValue(ords[i]));
    }
  }

  /** The score of the current document. */
  float score() throws IOException {
    return space.score(signal());
  }
}
