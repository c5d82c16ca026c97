/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import org.apache.lucene.search.DocIdSetIterator;

/**
 * How near the vectors of one segment are to a query's, by document. Documents must be asked for in
 * ascending order. For one thread.
 */
sealed interface SegmentSignals permits ExactVectors, CodeSignals {

  /** The most documents {@link #signals} takes at once. */
  int BATCH = Long.SIZE;

  /** Moves to {@code doc}; false if it has no vector. */
  boolean advanceExact(int doc) throws IOException;

  /** The signal of the current document, against the nearest of several query vectors. */
  float signal() throws IOException;

  /** Which of the query's vectors the signal is of, for explanations; empty where there is one. */
  String nearest() throws IOException;

  /**
   * The signals of several documents, the same as one by one but sooner.
   *
   * @param docs the first {@code count} of them, at most {@link #BATCH}, ascending
   * @param signals receives the signal of {@code docs[i]} at i where that has a vector
   * @return bit i is set if {@code docs[i]} has a vector
   */
  long signals(int[] docs, int count, float[] signals) throws IOException;

  /** Moves an iterator forward to {@code doc}, unless it is there or past it; tells if it is. */
  static boolean moveTo(int doc, DocIdSetIterator docs) throws IOException {
    return docs.docID() == doc || (docs.docID() < doc && docs.advance(doc) == doc);
  }
}
