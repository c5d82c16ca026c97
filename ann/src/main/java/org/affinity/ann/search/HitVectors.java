/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.affinity.quantization.VectorMath;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.ScoreDoc;

/**
 * How alike hits are, by their raw vectors: cosine, cut at 0, for cosine and inner product; {@code
 * 1 / (1 + d²)} for L2. A hit without a vector is like none, and so is a zero vector.
 */
final class HitVectors implements MarginalRelevance.Likeness {

  private final VectorSpace space;

  /** By hit; null where there is none; scaled to length 1 unless the space is L2. */
  private final float[][] vectors;

  private HitVectors(VectorSpace space, float[][] vectors) {
    this.space = space;
    this.vectors = vectors;
  }

  /** Reads the vectors of the first {@code count} hits. */
  static HitVectors read(
      List<LeafReaderContext> leaves, String field, VectorSpace space, ScoreDoc[] hits, int count)
      throws IOException {
    float[][] vectors = new float[count][];
    int[] ascending =
        IntStream.range(0, count)
            .boxed()
            .sorted(Comparator.comparingInt(i -> hits[i].doc))
            .mapToInt(Integer::intValue)
            .toArray();
    LeafReaderContext leaf = null;
    FloatVectorValues values = null;
    KnnVectorValues.DocIndexIterator docs = null;
    for (int hit : ascending) {
      int doc = hits[hit].doc;
      if (leaf == null || doc >= leaf.docBase + leaf.reader().maxDoc()) {
        leaf = leaves.get(ReaderUtil.subIndex(doc, leaves));
        values = values(leaf.reader(), field);
        docs = values == null ? null : values.iterator();
      }
      if (docs != null && SegmentSignals.moveTo(doc - leaf.docBase, docs)) {
        float[] vector = values.vectorValue(docs.index());
        vectors[hit] = space == VectorSpace.L2 ? vector.clone() : VectorMath.normalized(vector);
      }
    }
    return new HitVectors(space, vectors);
  }

  /** Null where no document has the field, or the reader hides it. */
  private static FloatVectorValues values(LeafReader reader, String field) throws IOException {
    return reader.getFieldInfos().fieldInfo(field) == null
        ? null
        : reader.getFloatVectorValues(field);
  }

  @Override
  public double of(int candidate, int other) {
    float[] a = vectors[candidate];
    float[] b = vectors[other];
    if (a == null || b == null) {
      return 0;
    }
    return space == VectorSpace.L2
        ? space.score(space.signal(a, b))
        : Math.clamp(VectorMath.dot(a, b), 0f, 1f);
  }
}
