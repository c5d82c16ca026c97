/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import java.util.List;
import org.affinity.quantization.simd.BlockLayout;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.DataOutput;
import org.apache.lucene.store.IndexInput;

/**
 * One field's record in the meta file.
 *
 * @param recordLength bytes per vector; 0 where the segment has no codes for the field
 * @param lowestWeight of all records, 1 where records have none
 * @param highestWeight of all records, 1 where records have none
 */
record PqMetadata(
    VectorSimilarityFunction similarity,
    int dimension,
    int count,
    int recordLength,
    CodeLayout layout,
    float lowestWeight,
    float highestWeight,
    long quantizerOffset,
    long quantizerLength,
    long codesOffset) {

  private static final List<CodeLayout> LAYOUTS = List.of(CodeLayout.RECORDS, CodeLayout.BLOCKS);

  static PqMetadata withoutCodes(FieldInfo field, int count) {
    return new PqMetadata(
        field.getVectorSimilarityFunction(),
        field.getVectorDimension(),
        count,
        0,
        CodeLayout.RECORDS,
        1,
        1,
        0,
        0,
        0);
  }

  boolean hasCodes() {
    return recordLength > 0;
  }

  int blocks() {
    return Math.ceilDiv(count, BlockLayout.VECTORS);
  }

  long codesLength() {
    return recordLength
        * (layout == CodeLayout.BLOCKS ? (long) blocks() * BlockLayout.VECTORS : count);
  }

  void write(int fieldNumber, DataOutput out) throws IOException {
    out.writeInt(fieldNumber);
    out.writeInt(StoredQuantizer.number(similarity));
    out.writeVInt(dimension);
    out.writeVInt(count);
    out.writeVInt(recordLength);
    if (hasCodes()) {
      out.writeByte((byte) LAYOUTS.indexOf(layout));
      out.writeInt(Float.floatToIntBits(lowestWeight));
      out.writeInt(Float.floatToIntBits(highestWeight));
      out.writeVLong(quantizerOffset);
      out.writeVLong(quantizerLength);
      out.writeVLong(codesOffset);
    }
  }

  /** Reads what {@link #write} wrote after the field number. */
  static PqMetadata read(FieldInfo field, IndexInput in) throws IOException {
    int similarity = in.readInt();
    int dimension = in.readVInt();
    int count = in.readVInt();
    int recordLength = in.readVInt();
    if (similarity != StoredQuantizer.number(field.getVectorSimilarityFunction())
        || dimension != field.getVectorDimension()
        || count < 0
        || recordLength < 0) {
      throw new CorruptIndexException(
          "field \""
              + field.name
              + "\" has similarity "
              + similarity
              + ", dimension "
              + dimension
              + ", "
              + count
              + " vectors, records of "
              + recordLength
              + " bytes; the segment says "
              + field.getVectorSimilarityFunction()
              + ", "
              + field.getVectorDimension(),
          in);
    }
    if (recordLength == 0) {
      return withoutCodes(field, count);
    }
    int layout = in.readByte();
    float lowestWeight = Float.intBitsToFloat(in.readInt());
    float highestWeight = Float.intBitsToFloat(in.readInt());
    if (layout < 0
        || layout >= LAYOUTS.size()
        || !(lowestWeight >= 0 && lowestWeight <= highestWeight)) {
      throw new CorruptIndexException(
          "field \""
              + field.name
              + "\" has layout "
              + layout
              + ", weights from "
              + lowestWeight
              + " to "
              + highestWeight,
          in);
    }
    return new PqMetadata(
        field.getVectorSimilarityFunction(),
        dimension,
        count,
        recordLength,
        LAYOUTS.get(layout),
        lowestWeight,
        highestWeight,
        in.readVLong(),
        in.readVLong(),
        in.readVLong());
  }
}
