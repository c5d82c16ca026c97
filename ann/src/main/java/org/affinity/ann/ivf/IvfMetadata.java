/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.io.IOException;
import org.affinity.ann.pq.StoredQuantizer;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.DataOutput;
import org.apache.lucene.store.IndexInput;

/**
 * One field's record in the meta file; see {@link AffinityIvfPqVectorsFormat}.
 *
 * @param recordLength bytes of a record; 0 where the segment has no lists for the field
 */
record IvfMetadata(
    VectorSimilarityFunction similarity,
    int dimension,
    int count,
    int recordLength,
    int lists,
    int groups,
    int nprobes,
    boolean directions,
    float distortion,
    long quantizerOffset,
    long quantizerLength,
    long centroidsOffset,
    long listsOffset,
    long listsLength) {

  static IvfMetadata withoutLists(FieldInfo field, int count) {
    return new IvfMetadata(
        field.getVectorSimilarityFunction(),
        field.getVectorDimension(),
        count,
        0,
        0,
        0,
        0,
        false,
        0,
        0,
        0,
        0,
        0,
        0);
  }

  boolean hasLists() {
    return recordLength > 0;
  }

  /** Bytes in the .ivx file. */
  long centroidsLength() {
    return (long) Integer.BYTES * groups
        + (long) Float.BYTES * dimension * ((long) groups + lists)
        + (long) ListEntry.BYTES * lists;
  }

  void write(int fieldNumber, DataOutput out) throws IOException {
    out.writeInt(fieldNumber);
    out.writeInt(StoredQuantizer.number(similarity));
    out.writeVInt(dimension);
    out.writeVInt(count);
    out.writeVInt(recordLength);
    if (hasLists()) {
      out.writeVInt(lists);
      out.writeVInt(groups);
      out.writeVInt(nprobes);
      out.writeByte((byte) (directions ? 1 : 0));
      out.writeInt(Float.floatToIntBits(distortion));
      out.writeVLong(quantizerOffset);
      out.writeVLong(quantizerLength);
      out.writeVLong(centroidsOffset);
      out.writeVLong(listsOffset);
      out.writeVLong(listsLength);
    }
  }

  /** Reads what {@link #write} wrote after the field number. */
  static IvfMetadata read(FieldInfo field, IndexInput in) throws IOException {
    int similarity = in.readInt();
    int dimension = in.readVInt();
    int count = in.readVInt();
    int recordLength = in.readVInt();
    if (similarity != StoredQuantizer.number(field.getVectorSimilarityFunction())
        || dimension != field.getVectorDimension()
        || count < 0
        || recordLength < 0) {
      throw new CorruptIndexException(
          "field \"%s\" has similarity %d, dimension %d, %d vectors, records of %d bytes; the segment says %s, %d"
              .formatted(
                  field.name,
                  similarity,
                  dimension,
                  count,
                  recordLength,
                  field.getVectorSimilarityFunction(),
                  field.getVectorDimension()),
          in);
    }
    if (recordLength == 0) {
      return withoutLists(field, count);
    }
    IvfMetadata metadata =
        new IvfMetadata(
            field.getVectorSimilarityFunction(),
            dimension,
            count,
            recordLength,
            in.readVInt(),
            in.readVInt(),
            in.readVInt(),
            in.readByte() != 0,
            Float.intBitsToFloat(in.readInt()),
            in.readVLong(),
            in.readVLong(),
            in.readVLong(),
            in.readVLong(),
            in.readVLong());
    if (metadata.lists < 1
        || metadata.lists > 2 * IvfParameters.MAXIMUM_NLIST
        || metadata.groups < 1
        || metadata.groups > metadata.lists
        || metadata.nprobes < 0) {
      throw new CorruptIndexException("invalid numbers of lists: " + metadata, in);
    }
    return metadata;
  }
}
