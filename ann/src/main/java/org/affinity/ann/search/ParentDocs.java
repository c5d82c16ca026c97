/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.util.BitSet;

/**
 * Which documents are parents, where documents are indexed in blocks: children first, their parent
 * last. Part of a query, so implementations define {@code equals} and {@code hashCode}.
 */
@FunctionalInterface
public interface ParentDocs {

  /** The parents of a segment; null if it has none. */
  BitSet of(LeafReaderContext leaf) throws IOException;
}
