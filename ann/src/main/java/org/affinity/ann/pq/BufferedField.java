/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatFieldVectorsWriter;
import org.apache.lucene.index.DocsWithFieldSet;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.Sorter;

/** A field whose raw vectors Lucene's flat writer buffers until the flush. */
public record BufferedField(FieldInfo info, FlatFieldVectorsWriter<float[]> vectors) {

  /** By new ordinal, the old one, where the flush sorts documents. */
  public int[] newToOldOrd(Sorter.DocMap sortMap) throws IOException {
    DocsWithFieldSet docs = vectors.getDocsWithFieldSet();
    int[] newToOld = new int[docs.cardinality()];
    KnnVectorsWriter.mapOldOrdToNewOrd(docs, sortMap, null, newToOld, new DocsWithFieldSet());
    return newToOld;
  }
}
