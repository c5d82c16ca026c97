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
  private final int codeLength;

  /** One code, or the codes of a run of ordinals; grows to the longest run asked for. */
  private byte[] buffer;

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
    this.codeLength = quantizer.codeLength();
    this.buffer = new byte[codeLength];
    this.table =
        switch (similarity) {
          case EUCLIDEAN -> quantizer.squaredDistances(query);
          case COSINE -> quantizer.innerProducts(VectorMath.normalized(query));
          case DOT_PRODUCT, MAXIMUM_INNER_PRODUCT -> quantizer.innerProducts(query);
        };
  }

  @Override
  public float score(int ord) throws IOException {
    read(ord, 1);
    return score(table.sum(buffer, 0));
  }

  /** A run of consecutive ordinals, as an exhaustive scan asks for, is one read. */
  @Override
  public float bulkScore(int[] ords, float[] scores, int count) throws IOException {
    if (!isRun(ords, count)) {
      return super.bulkScore(ords, scores, count);
    }
    read(ords[0], count);
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      scores[i] = score(table.sum(buffer, i * codeLength));
      max = Math.max(max, scores[i]);
    }
    return max;
  }

  private static boolean isRun(int[] ords, int count) {
    for (int i = 1; i < count; i++) {
      if (ords[i] != ords[0] + i) {
        return false;
      }
    }
    return count > 0;
  }

  private void read(int ord, int count) throws IOException {
    int length = count * codeLength;
    if (buffer.length < length) {
      buffer = new byte[length];
    }
    codes.seek((long) ord * codeLength);
    codes.readBytes(buffer, 0, length);
  }

  private float score(float sum) {
    return switch (similarity) {
      case EUCLIDEAN -> VectorUtil.normalizeDistanceToUnitInterval(sum);
      case COSINE, DOT_PRODUCT -> VectorUtil.normalizeToUnitInterval(sum);
      case MAXIMUM_INNER_PRODUCT -> VectorUtil.scaleMaxInnerProductScore(sum);
    };
  }
}
