/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import org.affinity.ann.search.ParentDocs;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.join.BitSetProducer;
import org.apache.lucene.util.BitSet;

/** The parents that OpenSearch keeps for its own {@code nested} queries. */
record JoinedParents(BitSetProducer producer) implements ParentDocs {

  @Override
  public BitSet of(LeafReaderContext leaf) throws IOException {
    return producer.getBitSet(leaf);
  }
}
