/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.hnsw;

import java.io.IOException;
import org.affinity.ann.pq.MergeSources;
import org.apache.lucene.codecs.KnnFieldVectorsWriter;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsWriter;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.MergeState;
import org.apache.lucene.index.Sorter;
import org.apache.lucene.util.IORunnable;

/**
 * Lucene's graph writer, which is shown what is behind the per-field wrapper when it merges. Lucene
 * 10.5.0 looks for graphs on the wrapper itself, finds none, and builds every merged graph from
 * nothing (apache/lucene#16400); where that is mended, this changes nothing.
 */
final class GraphWriter extends KnnVectorsWriter {

  private final Lucene99HnswVectorsWriter writer;

  GraphWriter(Lucene99HnswVectorsWriter writer) {
    this.writer = writer;
  }

  @Override
  public IORunnable mergeOneField(FieldInfo info, MergeState mergeState) throws IOException {
    return writer.mergeOneField(info, unwrapped(mergeState, info));
  }

  private static MergeState unwrapped(MergeState state, FieldInfo info) {
    KnnVectorsReader[] readers = new KnnVectorsReader[state.knnVectorsReaders.length];
    for (int i = 0; i < readers.length; i++) {
      readers[i] = MergeSources.reader(state, i, info);
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
