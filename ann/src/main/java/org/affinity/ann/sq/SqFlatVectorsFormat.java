/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.sq;

import java.io.IOException;
import org.affinity.ann.pq.PqFlatVectorsFormat;
import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.apache.lucene.codecs.hnsw.FlatVectorsFormat;
import org.apache.lucene.codecs.hnsw.FlatVectorsWriter;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorScorer;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99FlatVectorsFormat;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/**
 * Lucene's scalar quantization, every code compared, under Lucene's SPI name: for writing; segments
 * are read by Lucene's own class. Takes longer vectors than Lucene's convention, and vectors under
 * cosine that cancel out ({@link SqFlatVectorsWriter}).
 */
public final class SqFlatVectorsFormat extends Lucene104ScalarQuantizedVectorsFormat {

  static final FlatVectorsFormat RAW =
      new Lucene99FlatVectorsFormat(FlatVectorScorerUtil.getLucene99FlatVectorsScorer());

  static final Lucene104ScalarQuantizedVectorScorer SCORER =
      new Lucene104ScalarQuantizedVectorScorer(FlatVectorScorerUtil.getLucene99FlatVectorsScorer());

  private final ScalarEncoding encoding;

  public SqFlatVectorsFormat(ScalarEncoding encoding) {
    super(encoding);
    this.encoding = encoding;
  }

  @Override
  public FlatVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
    return SqFlatVectorsWriter.open(state, encoding);
  }

  @Override
  public int getMaxDimensions(String fieldName) {
    return PqFlatVectorsFormat.MAX_DIMENSIONS;
  }
}
