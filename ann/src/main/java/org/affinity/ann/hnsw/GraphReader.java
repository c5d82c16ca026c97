/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.hnsw;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.affinity.ann.pq.CodedVectors;
import org.affinity.ann.pq.ExactRescoring;
import org.affinity.ann.search.SignalEstimates;
import org.affinity.quantization.ProductQuantizer;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
import org.apache.lucene.codecs.hnsw.HnswGraphProvider;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsReader;
import org.apache.lucene.index.ByteVectorValues;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.util.hnsw.HnswGraph;

/**
 * Lucene's graph reader, whose hits are rescored where codes gave their scores, and whose codes a
 * merge can have. Safe for use by any number of threads.
 */
final class GraphReader extends KnnVectorsReader
    implements HnswGraphProvider, CodedVectors, SignalEstimates {

  /** Candidates by code per neighbour asked for, where the caller does not rescore. */
  private static final int OVERSAMPLE = 3;

  private final KnnVectorsReader graph;
  private final FlatVectorsReader flat;

  /**
   * @param graph over {@code flat}, which it closes
   */
  GraphReader(Lucene99HnswVectorsReader graph, FlatVectorsReader flat) {
    this((KnnVectorsReader) graph, flat);
  }

  private GraphReader(KnnVectorsReader graph, FlatVectorsReader flat) {
    this.graph = graph;
    this.flat = flat;
  }

  @Override
  public void search(String field, float[] target, KnnCollector collector, AcceptDocs acceptDocs)
      throws IOException {
    if (quantizer(field) == null) {
      graph.search(field, target, collector, acceptDocs);
      return;
    }
    if (!ExactRescoring.understands(collector)) {
      FloatVectorValues raw = flat.getFloatVectorValues(field);
      try {
        graph.search(field, target, ExactRescoring.exactly(raw, target, collector), acceptDocs);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      return;
    }
    ExactRescoring.search(
        (inner, accepted) -> graph.search(field, target, inner, accepted),
        OVERSAMPLE,
        flat.getFloatVectorValues(field),
        target,
        collector,
        acceptDocs);
  }

  @Override
  public void search(String field, byte[] target, KnnCollector collector, AcceptDocs acceptDocs)
      throws IOException {
    graph.search(field, target, collector, acceptDocs);
  }

  @Override
  public ProductQuantizer quantizer(String field) {
    return ((CodedVectors) flat).quantizer(field);
  }

  @Override
  public Records records(String field) throws IOException {
    return ((CodedVectors) flat).records(field);
  }

  @Override
  public Estimator estimator(String field, float[] target) throws IOException {
    return ((SignalEstimates) flat).estimator(field, target);
  }

  @Override
  public HnswGraph getGraph(String field) throws IOException {
    return ((HnswGraphProvider) graph).getGraph(field);
  }

  @Override
  public FloatVectorValues getFloatVectorValues(String field) throws IOException {
    return graph.getFloatVectorValues(field);
  }

  @Override
  public ByteVectorValues getByteVectorValues(String field) throws IOException {
    return graph.getByteVectorValues(field);
  }

  @Override
  public void checkIntegrity() throws IOException {
    graph.checkIntegrity();
  }

  @Override
  public KnnVectorsReader getMergeInstance() throws IOException {
    return new GraphReader(graph.getMergeInstance(), flat);
  }

  @Override
  public void finishMerge() throws IOException {
    graph.finishMerge();
  }

  @Override
  public Map<String, Long> getOffHeapByteSize(FieldInfo info) {
    return graph.getOffHeapByteSize(info);
  }

  @Override
  public void close() throws IOException {
    graph.close();
  }
}
