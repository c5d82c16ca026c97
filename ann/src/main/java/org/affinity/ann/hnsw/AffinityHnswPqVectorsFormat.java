/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.hnsw;

import java.io.IOException;
import org.affinity.ann.pq.CodeLayout;
import org.affinity.ann.pq.PqEncoding;
import org.affinity.ann.pq.PqFlatVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsReader;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsWriter;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/**
 * Lucene's own HNSW writer and reader over {@link PqFlatVectorsFormat}: the graph is built on raw
 * floats and searched on codes, so what a search touches is graph and codes; the caller rescores
 * the survivors on the raw floats.
 *
 * <p>Files: those of {@link PqFlatVectorsFormat} and, untouched, Lucene's {@code .vex} (graph) and
 * {@code .vem} (its meta).
 */
public final class AffinityHnswPqVectorsFormat extends KnnVectorsFormat {

  /** SPI name; stands in every segment written, for ever. */
  public static final String NAME = "AffinityHnswPq1";

  public static final int DEFAULT_M = 16;
  public static final int DEFAULT_EF_CONSTRUCTION = 100;

  /**
   * Segments whose exhaustive scan costs less than a graph search for this many neighbours build no
   * graph: about {@value PqEncoding#DEFAULT_MIN_VECTORS} vectors, where codes start as well.
   */
  public static final int DEFAULT_GRAPH_THRESHOLD = 492;

  private final int m;
  private final int efConstruction;
  private final int graphThreshold;
  private final PqFlatVectorsFormat flat;

  /** For SPI: reads any segment, writes with the defaults. */
  public AffinityHnswPqVectorsFormat() {
    this(DEFAULT_M, DEFAULT_EF_CONSTRUCTION, DEFAULT_GRAPH_THRESHOLD, PqEncoding.AUTO);
  }

  /**
   * @param m most connections of a node, twice that on the bottom level; 2 to 512
   * @param efConstruction candidates tracked while a node is inserted; 1 to 3200
   * @param graphThreshold neighbours k for which a graph search must beat the scan, or no graph is
   *     built; 0 always builds one
   */
  public AffinityHnswPqVectorsFormat(
      int m, int efConstruction, int graphThreshold, PqEncoding encoding) {
    super(NAME);
    if (m < 2 || m > 512) {
      throw new IllegalArgumentException("m must be between 2 and 512, got " + m);
    }
    if (efConstruction < 1 || efConstruction > 3200) {
      throw new IllegalArgumentException(
          "efConstruction must be between 1 and 3200, got " + efConstruction);
    }
    this.m = m;
    this.efConstruction = efConstruction;
    this.graphThreshold = graphThreshold;
    this.flat = new PqFlatVectorsFormat(encoding, CodeLayout.RECORDS);
  }

  @Override
  public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
    return new GraphWriter(
        new Lucene99HnswVectorsWriter(
            state, m, efConstruction, flat, flat.fieldsWriter(state), 1, null, graphThreshold),
        m);
  }

  @Override
  public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
    FlatVectorsReader vectors = flat.fieldsReader(state);
    return new GraphReader(new Lucene99HnswVectorsReader(state, vectors), vectors);
  }

  @Override
  public int getMaxDimensions(String fieldName) {
    return PqFlatVectorsFormat.MAX_DIMENSIONS;
  }

  @Override
  public String toString() {
    return NAME + "(m=" + m + ", efConstruction=" + efConstruction + ", " + flat + ")";
  }
}
