/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.hnsw;

import java.io.IOException;
import org.affinity.ann.pq.MergeSources;
import org.apache.lucene.codecs.KnnFieldVectorsWriter;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.hnsw.HnswGraphProvider;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsWriter;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.MergeState;
import org.apache.lucene.index.Sorter;
import org.apache.lucene.util.IORunnable;
import org.apache.lucene.util.hnsw.HnswGraph;

/**
 * Lucene's graph writer, which is shown what is behind the per-field wrapper when it merges. Lucene
 * 10.5.0 looks for graphs on the wrapper itself, finds none, and builds every merged graph from
 * nothing (apache/lucene#16400); where that is mended, this changes nothing.
 */
final class GraphWriter extends KnnVectorsWriter {

  private final Lucene99HnswVectorsWriter writer;

  private final int m;

  GraphWriter(Lucene99HnswVectorsWriter writer, int m) {
    this.writer = writer;
    this.m = m;
  }

  @Override
  public IORunnable mergeOneField(FieldInfo info, MergeState mergeState) throws IOException {
    return writer.mergeOneField(info, unwrapped(mergeState, info));
  }

  private MergeState unwrapped(MergeState state, FieldInfo info) throws IOException {
    KnnVectorsReader[] readers = new KnnVectorsReader[state.knnVectorsReaders.length];
    for (int i = 0; i < readers.length; i++) {
      readers[i] = MergeSources.reader(state, i, info);
      if (state.fieldInfos[i].fieldInfo(info.name) != null
          && readers[i] instanceof HnswGraphProvider graphs
          && isOfAnotherM(graphs.getGraph(info.name))) {
        // Lucene's merger keeps an old graph's connections, and would write more than m says.
        readers[i] = new GraphlessReader(readers[i]);
      }
    }
    return new MergeState(
        state.docMaps,
        state.segmentInfo,
        state.mergeFieldInfos,
        state.storedFieldsReaders,
        state.termVectorsReaders,
        state.normsProducers,
        state.docValuesProducers,
        state.fieldInfos,
        state.liveDocs,
        state.fieldsProducers,
        state.pointsReaders,
        readers,
        state.maxDocs,
        state.infoStream,
        state.intraMergeTaskExecutor,
        state.needsIndexSort,
        state.oneMerge);
  }

  private boolean isOfAnotherM(HnswGraph graph) {
    return graph != null && graph.size() > 0 && graph.maxConn() != m;
  }

  @Override
  public KnnFieldVectorsWriter<?> addField(FieldInfo info) throws IOException {
    return writer.addField(info);
  }

  @Override
  public void flush(int maxDoc, Sorter.DocMap sortMap) throws IOException {
    writer.flush(maxDoc, sortMap);
  }

  @Override
  public void finish() throws IOException {
    writer.finish();
  }

  @Override
  public long ramBytesUsed() {
    return writer.ramBytesUsed();
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
