/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import java.util.List;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.DataOutput;
import org.apache.lucene.store.IndexInput;

/**
 * One field's record in the meta file.
 *
 * @param m bytes per code; 0 where the segment has no codes for the field
 * @param trainingError mean squared reconstruction error on the training sample
 */
record PqMetadata(
    VectorSimilarityFunction similarity,
    int dimension,
    int count,
    int m,
    float trainingError,
    long codebookOffset,
    long codesOffset) {

  /** Fixed here, so that the order of Lucene's enum never reaches our files. */
  private static final List<VectorSimilarityFunction> SIMILARITIES =
      List.of(
          VectorSimilarityFunction.EUCLIDEAN,
          VectorSimilarityFunction.DOT_PRODUCT,
          VectorSimilarityFunction.COSINE,
          VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT);

  static PqMetadata withoutCodes(FieldInfo field, int count) {
    return new PqMetadata(
        field.getVectorSimilarityFunction(), field.getVectorDimension(), count, 0, 0, 0, 0);
  }

  boolean hasCodes() {
    return m > 0;
  }

  long codesLength() {
    return (long) count * m;
  }

  void write(int fieldNumber, DataOutput out) throws IOException {
    out.writeInt(fieldNumber);
    out.writeInt(SIMILARITIES.indexOf(similarity));
    out.writeVInt(dimension);
    out.writeVInt(count);
    out.writeVInt(m);
    if (hasCodes()) {
      out.writeInt(Float.floatToIntBits(trainingError));
      out.writeVLong(codebookOffset);
      out.writeVLong(codesOffset);
    }
  }

  /** Reads what {@link #write} wrote after the field number. */
  static PqMetadata read(FieldInfo field, IndexInput in) throws IOException {
    int similarity = in.readInt();
    int dimension = in.readVInt();
    int count = in.readVInt();
    int m = in.readVInt();
    if (similarity < 0
        || similarity >= SIMILARITIES.size()
        || SIMILARITIES.get(similarity) != field.getVectorSimilarityFunction()
        || dimension != field.getVectorDimension()
        || count < 0
        || m < 0
        || m > dimension) {
      throw new CorruptIndexException(
          "field \""
              + field.name
              + "\" has similarity "
              + similarity
              + ", dimension "
              + dimension
              + ", "
              + count
              + " vectors, m "
              + m
              + "; the segment says "
              + field.getVectorSimilarityFunction()
              + ", "
              + field.getVectorDimension(),
          in);
    }
    if (m == 0) {
      return withoutCodes(field, count);
    }
    float trainingError = Float.intBitsToFloat(in.readInt());
    return new PqMetadata(
        field.getVectorSimilarityFunction(),
        dimension,
        count,
        m,
        trainingError,
        in.readVLong(),
        in.readVLong());
  }
}
