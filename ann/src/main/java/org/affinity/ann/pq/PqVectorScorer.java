/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import org.affinity.quantization.DistanceTable;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.VectorMath;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.util.VectorUtil;
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/**
 * Scores codes against one query: what {@link VectorSimilarityFunction#compare} would give for the
 * decoded vectors. Approximate scores, in the range of the exact ones; allocates nothing per score.
 * For one thread.
 */
final class PqVectorScorer extends RandomVectorScorer.AbstractRandomVectorScorer {

  private final VectorSimilarityFunction similarity;
  private final DistanceTable table;
  private final IndexInput codes;
  private final byte[] code;

  /**
   * @param codes this scorer's own slice of the field's codes
   */
  PqVectorScorer(
      VectorSimilarityFunction similarity,
      ProductQuantizer quantizer,
      IndexInput codes,
      KnnVectorValues values,
      float[] query) {
    super(values);
    this.similarity = similarity;
    this.codes = codes;
    this.code = new byte[quantizer.codeLength()];
    this.table =
        switch (similarity) {
          case EUCLIDEAN -> quantizer.squaredDistances(query);
          case COSINE -> quantizer.innerProducts(VectorMath.normalized(query));
          case DOT_PRODUCT, MAXIMUM_INNER_PRODUCT -> quantizer.innerProducts(query);
        };
  }

  @Override
  public float score(int ord) throws IOException {
    codes.seek((long) ord * code.length);
    codes.readBytes(code, 0, code.length);
    float sum = table.sum(code, 0);
    return switch (similarity) {
      case EUCLIDEAN -> VectorUtil.normalizeDistanceToUnitInterval(sum);
      case COSINE, DOT_PRODUCT -> VectorUtil.normalizeToUnitInterval(sum);
      case MAXIMUM_INNER_PRODUCT -> VectorUtil.scaleMaxInnerProductScore(sum);
    };
  }
}
