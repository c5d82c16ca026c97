/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.sq;

import java.io.IOException;
import org.affinity.ann.pq.PqFlatVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorsReader;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsWriter;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/**
 * Lucene's graph over its scalar quantization, under Lucene's SPI name: for writing; segments are
 * read by Lucene's own class.
 *
 * <p>Two things are put right while writing, under cosine. Vectors may cancel out ({@link
 * SqFlatVectorsWriter}). And a merge builds its graph over 1-bit codes by searching with each
 * vector in turn, but Lucene 10.5 searches with the vector as it is where the codes are those of
 * the vector scaled to length 1: similarities come out times the length and are then cut off at 1,
 * so all near neighbours of a longer vector look equal, and the graph is noise. Here it searches
 * with the scaled vectors.
 */
public final class SqHnswVectorsFormat extends Lucene104HnswScalarQuantizedVectorsFormat {

  private final ScalarEncoding encoding;
  private final int m;
  private final int efConstruction;
  private final int graphThreshold;

  /**
   * @param m most connections of a node, twice that on the bottom level; 1 to 512
   * @param efConstruction candidates tracked while a node is inserted; 1 to 3200
   * @param graphThreshold neighbours k for which a graph search must beat the scan, or no graph is
   *     built; 0 always builds one
   */
  public SqHnswVectorsFormat(
      ScalarEncoding encoding, int m, int efConstruction, int graphThreshold) {
    super(encoding, m, efConstruction, 1, null, graphThreshold);
    this.encoding = encoding;
    this.m = m;
    this.efConstruction = efConstruction;
    this.graphThreshold = graphThreshold;
  }

  /** What a merge reads back to build the graph. */
  private static final class WrittenCodes extends Lucene104ScalarQuantizedVectorsFormat {

    WrittenCodes(ScalarEncoding encoding) {
      super(encoding);
    }

    @Override
    public FlatVectorsReader fieldsReader(SegmentReadState state) throws IOException {
      FlatVectorsReader raw = SqFlatVectorsFormat.RAW.fieldsReader(state);
      return new Lucene104ScalarQuantizedVectorsReader(
          state, new UnitVectorsReader(raw, state.fieldInfos), SqFlatVectorsFormat.SCORER);
    }
  }

  @Override
  public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
    return new Lucene99HnswVectorsWriter(
        state,
        m,
        efConstruction,
        new WrittenCodes(encoding),
        SqFlatVectorsWriter.open(state, encoding),
        1,
        null,
        graphThreshold);
  }

  @Override
  public int getMaxDimensions(String fieldName) {
    return PqFlatVectorsFormat.MAX_DIMENSIONS;
  }
}
