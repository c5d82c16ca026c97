/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.affinity.ann.scan.CodeScan;
import org.affinity.quantization.DistanceTable;
import org.affinity.quantization.ProductQuantizer;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MemorySegmentAccessInput;
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/**
 * Scores codes against one query: what {@link VectorSimilarityFunction#compare} would give for the
 * decoded vectors. Approximate scores, in the range of the exact ones; allocates nothing per score.
 * Mapped codes are scored where they lie, others by way of a buffer. For one thread.
 */
final class PqVectorScorer extends RandomVectorScorer.AbstractRandomVectorScorer {

  private final VectorSimilarityFunction similarity;
  private final DistanceTable table;
  private final IndexInput codes;
  private final int recordLength;

  /** The mapped codes; null if they are not mapped in one piece. */
  private final MemorySegment mapped;

  private final int[] ord = new int[1];
  private final float[] score = new float[1];

  /** Records read from where they are not mapped; grows to the most asked for at once. */
  private byte[] buffer = new byte[0];

  /**
   * @param codes this scorer's own slice of the field's records
   */
  PqVectorScorer(
      VectorSimilarityFunction similarity,
      ProductQuantizer quantizer,
      IndexInput codes,
      KnnVectorValues values,
      float[] query)
      throws IOException {
    super(values);
    this.similarity = similarity;
    this.codes = codes;
    this.recordLength = quantizer.recordLength();
    this.table = quantizer.bind(query);
    this.mapped =
        codes instanceof MemorySegmentAccessInput input
            ? input.segmentSliceOrNull(0, codes.length())
            : null;
  }

  @Override
  public float score(int node) throws IOException {
    ord[0] = node;
    bulkScore(ord, score, 1);
    return score[0];
  }

  @Override
  public float bulkScore(int[] ords, float[] scores, int count) throws IOException {
    float best =
        mapped == null ? scoreBuffered(ords, scores, count) : scoreMapped(ords, scores, count);
    for (int i = 0; i < count; i++) {
      scores[i] = toScore(scores[i]);
    }
    return count == 0 ? Float.NEGATIVE_INFINITY : toScore(best);
  }

  private float scoreMapped(int[] ords, float[] scores, int count) {
    try {
      return table.scores(mapped, ords, count, scores);
    } catch (IllegalStateException e) {
      throw new AlreadyClosedException("the codes were closed during a search", e);
    }
  }

  private float scoreBuffered(int[] ords, float[] scores, int count) throws IOException {
    if (buffer.length < count * recordLength) {
      buffer = new byte[count * recordLength];
    }
    int i = 0;
    while (i < count) {
      // A run of consecutive ordinals, as an exhaustive scan asks for, is one read.
      int end = i + 1;
      while (end < count && ords[end] == ords[end - 1] + 1) {
        end++;
      }
      codes.seek((long) ords[i] * recordLength);
      codes.readBytes(buffer, i * recordLength, (end - i) * recordLength);
      i = end;
    }
    return table.scores(buffer, count, scores);
  }

  private float toScore(float estimate) {
    return CodeScan.toScore(similarity, estimate);
  }
}
