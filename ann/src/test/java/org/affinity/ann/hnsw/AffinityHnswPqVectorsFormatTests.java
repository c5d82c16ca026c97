/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.hnsw;

import com.carrotsearch.randomizedtesting.annotations.Name;
import com.carrotsearch.randomizedtesting.annotations.ParametersFactory;
import java.util.List;
import org.affinity.ann.pq.PqEncoding;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.tests.index.BaseKnnVectorsFormatTestCase;
import org.apache.lucene.tests.util.TestUtil;

/** Lucene's own suite, with a graph and codes in every segment, and at the thresholds. */
public class AffinityHnswPqVectorsFormatTests extends BaseKnnVectorsFormatTestCase {

  private final int graphThreshold;
  private final PqEncoding encoding;

  public AffinityHnswPqVectorsFormatTests(
      @Name("graphThreshold") int graphThreshold, @Name("encoding") PqEncoding encoding) {
    this.graphThreshold = graphThreshold;
    this.encoding = encoding;
  }

  @ParametersFactory
  public static List<Object[]> parameters() {
    return List.of(
        new Object[] {0, new PqEncoding(PqEncoding.AUTO_M, 4, 1)},
        new Object[] {5, new PqEncoding(PqEncoding.AUTO_M, 1)},
        new Object[] {AffinityHnswPqVectorsFormat.DEFAULT_GRAPH_THRESHOLD, PqEncoding.AUTO});
  }

  @Override
  protected Codec getCodec() {
    return TestUtil.alwaysKnnVectorsFormat(
        new AffinityHnswPqVectorsFormat(16, 100, graphThreshold, encoding));
  }

  @Override
  protected boolean supportsFloatVectorFallback() {
    return false;
  }
}
