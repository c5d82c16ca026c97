/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReader;

/**
 * The exact signal of a segment's raw vectors against a query's, by document. Documents must be
 * asked for in ascending order. For one thread.
 */
final class ExactVectors {

  private final VectorSpace space;
  private final Targets targets;
  private final FloatVectorValues values;
  private final KnnVectorValues.DocIndexIterator docs;

  private ExactVectors(VectorSpace space, Targets targets, FloatVectorValues values) {
    this.space = space;
    this.targets = targets;
    this.values = values;
    this.docs = values.iterator();
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

  /** Moves to {@code doc}; false if it has no vector. */
  boolean advanceExact(int doc) throws IOException {
    return docs.docID() == doc || (docs.docID() < doc && docs.advance(doc) == doc);
  }

  /** The signal of the current document. */
  float signal() throws IOException {
    return targets.signal(space, values.vectorValue(docs.index()));
  }

  /** Which of the query's vectors the signal is of, for explanations; empty where there is one. */
  String nearest() throws IOException {
    return targets.size() == 1
        ? ""
        : ", interest "
            + (targets.nearest(space, values.vectorValue(docs.index())) + 1)
            + " of "
            + targets.size();
  }

  /** The score of the current document. */
  float score() throws IOException {
    return space.score(signal());
  }
}
