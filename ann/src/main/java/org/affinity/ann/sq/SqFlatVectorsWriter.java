/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.sq;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.codecs.hnsw.FlatFieldVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatVectorsWriter;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorsWriter;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.MergeState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.index.Sorter;
import org.apache.lucene.index.VectorEncoding;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.IOUtils;
import org.apache.lucene.util.VectorUtil;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/**
 * Lucene's writer of scalar codes, kept from failing on vectors that cancel out.
 *
 * <p>Codes are relative to the mean of a segment's vectors; under cosine Lucene scales the mean to
 * length 1, and throws if it is zero: two documents with opposite vectors fail the flush, and with
 * it the shard, at every replay. Any mean of length 1 serves, so where the sum is zero an {@link
 * Extra} vector is counted that is not written.
 */
final class SqFlatVectorsWriter extends FlatVectorsWriter {

  private record CosineField(FlatFieldVectorsWriter<float[]> writer, int dimension) {}

  private final FlatVectorsWriter raw;
  private final Lucene104ScalarQuantizedVectorsWriter codes;
  private final List<CosineField> cosineFields = new ArrayList<>();

  private SqFlatVectorsWriter(FlatVectorsWriter raw, Lucene104ScalarQuantizedVectorsWriter codes) {
    super(SqFlatVectorsFormat.SCORER);
    this.raw = raw;
    this.codes = codes;
  }

  static SqFlatVectorsWriter open(SegmentWriteState state, ScalarEncoding encoding)
      throws IOException {
    FlatVectorsWriter raw = SqFlatVectorsFormat.RAW.fieldsWriter(state);
    try {
      return new SqFlatVectorsWriter(
          raw,
          new Lucene104ScalarQuantizedVectorsWriter(
              state, encoding, new Extra.RawWriter(raw), SqFlatVectorsFormat.SCORER));
    } catch (Throwable t) {
      IOUtils.closeWhileSuppressingExceptions(t, raw);
      throw t;
    }
  }

  private static boolean isCosine(FieldInfo info) {
    return info.getVectorSimilarityFunction() == VectorSimilarityFunction.COSINE
        && info.getVectorEncoding() == VectorEncoding.FLOAT32;
  }

  @Override
  @SuppressWarnings("unchecked")
  public FlatFieldVectorsWriter<?> addField(FieldInfo info) throws IOException {
    FlatFieldVectorsWriter<?> writer = codes.addField(info);
    if (isCosine(info)) {
      cosineFields.add(
          new CosineField((FlatFieldVectorsWriter<float[]>) writer, info.getVectorDimension()));
    }
    return writer;
  }

  @Override
  public void flush(int maxDoc, Sorter.DocMap sortMap) throws IOException {
    for (CosineField field : cosineFields) {
      if (cancelOut(field.writer().getVectors(), field.dimension())) {
        field.writer().addValue(Extra.DOC, Extra.vector(field.dimension()));
      }
    }
    codes.flush(maxDoc, sortMap);
  }

  /** The mean as Lucene adds it up, to the last bit. */
  private static boolean cancelOut(List<float[]> vectors, int dimension) {
    float[] mean = new float[dimension];
    for (float[] vector : vectors) {
      float length = (float) Math.sqrt(VectorUtil.dotProduct(vector, vector));
      for (int d = 0; d < dimension; d++) {
        mean[d] += vector[d] / length;
      }
    }
    for (int d = 0; d < dimension; d++) {
      mean[d] /= vectors.size();
    }
    return !vectors.isEmpty() && VectorUtil.dotProduct(mean, mean) == 0;
  }

  @Override
  public void mergeOneFlatVectorField(FieldInfo info, MergeState mergeState) throws IOException {
    raw.mergeOneFlatVectorField(info, mergeState);
    try {
      codes.mergeOneFlatVectorField(info, mergeState);
    } catch (IllegalArgumentException e) {
      if (!isCosine(info)) {
        throw e;
      }
      // Thrown by the scaling of the mean, before anything was written.
      codes.mergeOneFlatVectorField(info, Extra.addTo(mergeState, info.getVectorDimension()));
    }
  }

  @Override
  public void finish() throws IOException {
    codes.finish();
  }

  @Override
  public long ramBytesUsed() {
    return codes.ramBytesUsed();
  }

  @Override
  public void close() throws IOException {
    codes.close();
  }
}
