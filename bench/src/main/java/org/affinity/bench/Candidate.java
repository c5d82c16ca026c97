/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench;

import java.util.List;
import org.affinity.ann.hnsw.AffinityHnswPqVectorsFormat;
import org.affinity.ann.ivf.AffinityIvfPqVectorsFormat;
import org.affinity.ann.pq.PqEncoding;
import org.affinity.ann.pq.PqFlatVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;

/** One way to index the vectors. */
record Candidate(String name, KnnVectorsFormat format) {

  /** Ours and Lucene's, with the same graph parameters. */
  static List<Candidate> all() {
    return List.of(
        new Candidate("Lucene HNSW, float32", new Lucene99HnswVectorsFormat(16, 100)),
        new Candidate("Affinity hnsw, pq", new AffinityHnswPqVectorsFormat()),
        new Candidate("Affinity ivf, pq", new AffinityIvfPqVectorsFormat()),
        new Candidate("Affinity flat, pq", new PqFlatVectorsFormat(PqEncoding.AUTO)),
        new Candidate("exact scan, float32", new PqFlatVectorsFormat(PqEncoding.NONE)));
  }
}
