/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import org.apache.lucene.index.QueryTimeout;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.FixedBitSet;

/** Looks at a clock now and then; once it has run out it stays so. For one thread. */
final class Deadline {

  /** Comparisons between two looks. */
  private static final int INTERVAL = 1024;

  /** Documents of a filter between two looks. */
  private static final int FILTER_INTERVAL = 8192;

  private final QueryTimeout timeout;
  private int left;
  private boolean over;

  /**
   * @param timeout null for none
   */
  Deadline(QueryTimeout timeout) {
    this.timeout = timeout;
  }

  /** Looks. */
  boolean isOver() {
    over = over || (timeout != null && timeout.shouldExit());
    return over;
  }

  /** Whether time had run out when it was last looked at. */
  boolean wasOver() {
    return over;
  }

  /** Counts one comparison, and looks if it is time to. */
  boolean isOverAfterOneMore() {
    if (left-- == 0) {
      left = INTERVAL;
      return isOver();
    }
    return over;
  }

  /** Ends an iterator when time has run out. */
  DocIdSetIterator limit(DocIdSetIterator docs) {
    return timeout == null ? docs : new Limited(docs);
  }

  private final class Limited extends DocIdSetIterator {
    private final DocIdSetIterator in;
    private int doc;
    private int next;

    Limited(DocIdSetIterator in) {
      this.in = in;
      this.doc = in.docID();
    }

    @Override
    public int docID() {
      return doc;
    }

    @Override
    public int nextDoc() throws IOException {
      doc = next-- > 0 || look() ? in.nextDoc() : NO_MORE_DOCS;
      return doc;
    }

    @Override
    public int advance(int target) throws IOException {
      doc = next-- > 0 || look() ? in.advance(target) : NO_MORE_DOCS;
      return doc;
    }

    private boolean look() {
      next = INTERVAL;
      return !isOver();
    }

    @Override
    public void intoBitSet(int upTo, FixedBitSet bits, int offset) throws IOException {
      while (doc < upTo) {
        if (isOver()) {
          doc = NO_MORE_DOCS;
          return;
        }
        in.intoBitSet((int) Math.min(upTo, (long) doc + FILTER_INTERVAL), bits, offset);
        doc = in.docID();
      }
    }

    @Override
    public long cost() {
      return in.cost();
    }
  }
}
