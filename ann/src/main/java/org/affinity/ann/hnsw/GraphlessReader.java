/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.hnsw;

import java.io.IOException;
import java.util.Map;
import org.affinity.ann.pq.CodedVectors;
import org.affinity.quantization.ProductQuantizer;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.index.ByteVectorValues;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.KnnCollector;

/** A segment's vectors and codes without its graph, for a merge that cannot use that. */
final class GraphlessReader extends KnnVectorsReader implements CodedVectors {

  private final KnnVectorsReader reader;

  GraphlessReader(KnnVectorsReader reader) {
    this.reader = reader;
  }

  @Override
  public ProductQuantizer quantizer(String field) {
    return reader instanceof CodedVectors coded ? coded.quantizer(field) : null;
  }

  @Override
  public Records records(String field) throws IOException {
    return reader instanceof CodedVectors coded ? coded.records(field) : null;
  }

  @Override
  public FloatVectorValues getFloatVectorValues(String field) throws IOException {
    return reader.getFloatVectorValues(field);
  }

  @Override
  public ByteVectorValues getByteVectorValues(String field) throws IOException {
    return reader.getByteVectorValues(field);
  }

  @Override
  public void search(String field, float[] target, KnnCollector collector, AcceptDocs acceptDocs)
      throws IOException {
    reader.search(field, target, collector, acceptDocs);
  }

  @Override
  public void search(String field, byte[] target, KnnCollector collector, AcceptDocs acceptDocs)
      throws IOException {
    reader.search(field, target, collector, acceptDocs);
  }

  @Override
  public void checkIntegrity() throws IOException {
    reader.checkIntegrity();
  }

  @Override
  public Map<String, Long> getOffHeapByteSize(FieldInfo info) {
    return reader.getOffHeapByteSize(info);
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
