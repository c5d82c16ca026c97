/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.sq;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.hnsw.FlatFieldVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatVectorsWriter;
import org.apache.lucene.index.ByteVectorValues;
import org.apache.lucene.index.DocsWithFieldSet;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.MergeState;
import org.apache.lucene.index.Sorter;
import org.apache.lucene.index.VectorEncoding;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.util.Bits;

/**
 * One vector more, which counts in the mean of a segment's vectors but is not written: at flush as
 * the vector of a document {@link #DOC} that raw storage ignores, at merge as that of a deleted
 * document of a further source.
 */
final class Extra {

  static final int DOC = -1;

  /** Not a length that vectors which cancel out are likely to add up to. */
  private static final float LENGTH = 0.7310586f;

  private Extra() {}

  static float[] vector(int dimension) {
    float[] vector = new float[dimension];
    vector[0] = LENGTH;
    return vector;
  }

  static MergeState addTo(MergeState state, int dimension) {
    return new MergeState(
        with(state.docMaps, doc -> -1),
        state.segmentInfo,
        state.mergeFieldInfos,
        state.storedFieldsReaders,
        state.termVectorsReaders,
        state.normsProducers,
        state.docValuesProducers,
        with(state.fieldInfos, state.mergeFieldInfos),
        with(state.liveDocs, new Bits.MatchNoBits(1)),
        state.fieldsProducers,
        state.pointsReaders,
        with(state.knnVectorsReaders, new Source(vector(dimension))),
        withMaxDoc(state.maxDocs, 1),
        state.infoStream,
        state.intraMergeTaskExecutor,
        state.needsIndexSort,
        state.oneMerge);
  }

  private static <T> T[] with(T[] sources, T source) {
    T[] all = Arrays.copyOf(sources, sources.length + 1);
    all[sources.length] = source;
    return all;
  }

  private static int[] withMaxDoc(int[] sources, int source) {
    int[] all = Arrays.copyOf(sources, sources.length + 1);
    all[sources.length] = source;
    return all;
  }

  /** A segment of one vector. */
  private static final class Source extends KnnVectorsReader {

    private final float[] vector;

    Source(float[] vector) {
      this.vector = vector;
    }

    @Override
    public FloatVectorValues getFloatVectorValues(String field) {
      return FloatVectorValues.fromFloats(List.of(vector), vector.length);
    }

    @Override
    public ByteVectorValues getByteVectorValues(String field) {
      return null;
    }

    @Override
    public void search(String field, float[] target, KnnCollector collector, AcceptDocs docs) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void search(String field, byte[] target, KnnCollector collector, AcceptDocs docs) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Long> getOffHeapByteSize(FieldInfo info) {
      return Map.of();
    }

    @Override
    public void checkIntegrity() {}

    @Override
    public void close() {}
  }

  /** Raw storage that ignores the extra document, and merges when its owner says so. */
  static final class RawWriter extends FlatVectorsWriter {

    private final FlatVectorsWriter raw;

    RawWriter(FlatVectorsWriter raw) {
      super(raw.getFlatVectorScorer());
      this.raw = raw;
    }

    @Override
    @SuppressWarnings("unchecked")
    public FlatFieldVectorsWriter<?> addField(FieldInfo info) throws IOException {
      FlatFieldVectorsWriter<?> field = raw.addField(info);
      return info.getVectorEncoding() == VectorEncoding.FLOAT32
          ? new RawField((FlatFieldVectorsWriter<float[]>) field)
          : field;
    }

    @Override
    public void mergeOneFlatVectorField(FieldInfo info, MergeState mergeState) {}

    @Override
    public void flush(int maxDoc, Sorter.DocMap sortMap) throws IOException {
      raw.flush(maxDoc, sortMap);
    }

    @Override
    public void finish() throws IOException {
      raw.finish();
    }

    @Override
    public long ramBytesUsed() {
      return raw.ramBytesUsed();
    }

    @Override
    public void close() throws IOException {
      raw.close();
    }
  }

  private static final class RawField extends FlatFieldVectorsWriter<float[]> {

    private final FlatFieldVectorsWriter<float[]> raw;

    RawField(FlatFieldVectorsWriter<float[]> raw) {
      this.raw = raw;
    }

    @Override
    public void addValue(int doc, float[] vector) throws IOException {
      if (doc != DOC) {
        raw.addValue(doc, vector);
      }
    }

    @Override
    public List<float[]> getVectors() {
      return raw.getVectors();
    }

    @Override
    public KnnVectorValues asKnnVectorValues(VectorEncoding encoding, int dimension)
        throws IOException {
      return raw.asKnnVectorValues(encoding, dimension);
    }

    @Override
    public DocsWithFieldSet getDocsWithFieldSet() {
      return raw.getDocsWithFieldSet();
    }

    @Override
    public void finish() throws IOException {
      raw.finish();
    }

    @Override
    public boolean isFinished() {
      return raw.isFinished();
    }

    @Override
    public float[] copyValue(float[] vector) {
      return raw.copyValue(vector);
    }

    @Override
    public long ramBytesUsed() {
      return raw.ramBytesUsed();
    }
  }
}
