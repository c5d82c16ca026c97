/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.sq;

import com.carrotsearch.randomizedtesting.annotations.Name;
import com.carrotsearch.randomizedtesting.annotations.ParametersFactory;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.tests.index.BaseKnnVectorsFormatTestCase;
import org.apache.lucene.tests.util.TestUtil;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/** Lucene's own suite: every encoding, flat and under a graph in every segment. */
public class SqVectorsFormatTests extends BaseKnnVectorsFormatTestCase {

  private final KnnVectorsFormat format;

  public SqVectorsFormatTests(@Name("format") KnnVectorsFormat format) {
    this.format = format;
  }

  @ParametersFactory
  public static List<Object[]> parameters() {
    List<Object[]> formats = new ArrayList<>();
    for (ScalarEncoding encoding :
        List.of(
            ScalarEncoding.UNSIGNED_BYTE,
            ScalarEncoding.PACKED_NIBBLE,
            ScalarEncoding.SINGLE_BIT_QUERY_NIBBLE)) {
      formats.add(new Object[] {new SqFlatVectorsFormat(encoding)});
      formats.add(new Object[] {new SqHnswVectorsFormat(encoding, 16, 100, 0)});
    }
    return formats;
  }

  @Override
  protected Codec getCodec() {
    return TestUtil.alwaysKnnVectorsFormat(format);
  }

  @Override
  protected boolean supportsFloatVectorFallback() {
    return false;
  }

  public void testSegmentsAreLucenesToRead() {
    assertSame(
        format.getClass().getSuperclass(), KnnVectorsFormat.forName(format.getName()).getClass());
    assertEquals(4096, format.getMaxDimensions("any"));
  }
}
