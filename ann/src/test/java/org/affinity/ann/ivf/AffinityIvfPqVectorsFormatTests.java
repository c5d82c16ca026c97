/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import com.carrotsearch.randomizedtesting.annotations.Name;
import com.carrotsearch.randomizedtesting.annotations.ParametersFactory;
import java.util.List;
import org.affinity.ann.pq.PqEncoding;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.tests.index.BaseKnnVectorsFormatTestCase;
import org.apache.lucene.tests.util.TestUtil;

/**
 * Lucene's own suite: with one list and with many, in all segments from 16, 64 and 256 vectors on,
 * and without lists. A codebook needs as many vectors as it has centroids, so few bits reach the
 * small segments.
 */
public class AffinityIvfPqVectorsFormatTests extends BaseKnnVectorsFormatTestCase {

  private final IvfParameters parameters;

  public AffinityIvfPqVectorsFormatTests(@Name("parameters") IvfParameters parameters) {
    this.parameters = parameters;
  }

  @ParametersFactory
  public static List<Object[]> parameters() {
    return List.of(
        new Object[] {new IvfParameters(7, 2, new PqEncoding(PqEncoding.AUTO_M, 4, 1))},
        new Object[] {new IvfParameters(1000, 0, new PqEncoding(PqEncoding.AUTO_M, 6, 1))},
        new Object[] {new IvfParameters(3, 0, new PqEncoding(PqEncoding.AUTO_M, 1))},
        new Object[] {new IvfParameters(0, 0, new PqEncoding(PqEncoding.AUTO_M, 4, 1))},
        new Object[] {IvfParameters.DEFAULT});
  }

  @Override
  protected Codec getCodec() {
    return TestUtil.alwaysKnnVectorsFormat(new AffinityIvfPqVectorsFormat(parameters));
  }

  @Override
  protected boolean supportsFloatVectorFallback() {
    return false;
  }
}
