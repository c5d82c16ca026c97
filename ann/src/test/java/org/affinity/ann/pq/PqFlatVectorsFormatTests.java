/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import com.carrotsearch.randomizedtesting.annotations.Name;
import com.carrotsearch.randomizedtesting.annotations.ParametersFactory;
import java.util.List;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.tests.index.BaseKnnVectorsFormatTestCase;
import org.apache.lucene.tests.util.TestUtil;

/**
 * Lucene's own suite, with codes in all segments from 16, 64 and 256 vectors on, and in none. A
 * codebook needs as many vectors as it has centroids, so few bits reach the small segments.
 */
public class PqFlatVectorsFormatTests extends BaseKnnVectorsFormatTestCase {

  private final PqEncoding encoding;

  public PqFlatVectorsFormatTests(@Name("encoding") PqEncoding encoding) {
    this.encoding = encoding;
  }

  @ParametersFactory
  public static List<Object[]> encodings() {
    return List.of(
        new Object[] {new PqEncoding(PqEncoding.AUTO_M, 4, 1)},
        new Object[] {new PqEncoding(PqEncoding.AUTO_M, 6, 1)},
        new Object[] {new PqEncoding(PqEncoding.AUTO_M, 1)},
        new Object[] {PqEncoding.NONE});
  }

  @Override
  protected Codec getCodec() {
    return TestUtil.alwaysKnnVectorsFormat(new PqFlatVectorsFormat(encoding));
  }

  @Override
  protected boolean supportsFloatVectorFallback() {
    return false;
  }
}
