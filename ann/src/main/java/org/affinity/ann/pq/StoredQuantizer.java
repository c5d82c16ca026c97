/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import java.util.List;
import org.affinity.quantization.Metric;
import org.affinity.quantization.ProductQuantizer;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.IndexInput;

/** What all our formats store alike of a field's similarity and quantizer. */
public final class StoredQuantizer {

  /** Fixed here, so that the order of Lucene's enum never reaches our files. */
  private static final List<VectorSimilarityFunction> SIMILARITIES =
      List.of(
          VectorSimilarityFunction.EUCLIDEAN,
          VectorSimilarityFunction.DOT_PRODUCT,
          VectorSimilarityFunction.COSINE,
          VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT);

  private StoredQuantizer() {}

  /** The number that stands for a similarity in our files. */
  public static int number(VectorSimilarityFunction similarity) {
    return SIMILARITIES.indexOf(similarity);
  }

  /** What a quantizer estimates for a field of this similarity. */
  public static Metric metric(VectorSimilarityFunction similarity) {
    return switch (similarity) {
      case EUCLIDEAN -> Metric.L2;
      case COSINE -> Metric.COSINE;
      case DOT_PRODUCT, MAXIMUM_INNER_PRODUCT -> Metric.INNER_PRODUCT;
    };
  }

  /**
   * Reads a field's quantizer.
   *
   * @param file holds its bytes at {@code offset}; the caller has checked that they end within it
   * @param recordLength bytes per vector that the meta record tells
   * @throws CorruptIndexException if the bytes are no quantizer, or one of another field
   */
  public static ProductQuantizer read(
      IndexInput file,
      long offset,
      long length,
      VectorSimilarityFunction similarity,
      int dimension,
      int recordLength)
      throws IOException {
    byte[] bytes = new byte[Math.toIntExact(length)];
    IndexInput in = file.clone();
    in.seek(offset);
    in.readBytes(bytes, 0, bytes.length);
    ProductQuantizer quantizer;
    try {
      quantizer = ProductQuantizer.fromBytes(bytes);
    } catch (IllegalArgumentException e) {
      throw new CorruptIndexException("invalid quantizer", file, e);
    }
    if (quantizer.parameters().dimension() != dimension
        || quantizer.recordLength() != recordLength
        || quantizer.metric() != metric(similarity)) {
      throw new CorruptIndexException(
          "the quantizer is another field's: "
              + quantizer
              + ", records of "
              + quantizer.recordLength()
              + " bytes; the field has "
              + similarity
              + ", dimension "
              + dimension
              + ", records of "
              + recordLength
              + " bytes",
          file);
    }
    return quantizer;
  }
}
