/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.store.ByteArrayDataInput;
import org.apache.lucene.store.ByteBuffersDataOutput;
import org.apache.lucene.util.BytesRef;

/**
 * A JSON document with vectors cut out, and what is needed to put them back. All other bytes are
 * kept as they came.
 *
 * <p>The bytes, where numbers are Lucene's vInt and strings a vInt of bytes and UTF-8:
 *
 * <ul>
 *   <li><b>FF 41 66 01</b>: no JSON, CBOR, SMILE or YAML document, and no UTF-8 text, begins so;
 *       the last byte is the version
 *   <li><b>number</b> of fields, then the <b>name</b> of each
 *   <li><b>number</b> of cuts, then for each, in the order of the document:
 *       <ul>
 *         <li><b>number</b> of bytes kept between the cut before (or the begin) and this one
 *         <li><b>number</b> of documents that the one with the vector comes before this one in its
 *             block: 0 for this one, more for nested ones
 *         <li><b>number</b>: position of the field in the list above × 2, plus 1 for {@link
 *             VectorForm#BASE64}
 *       </ul>
 *   <li><b>all bytes kept</b>
 * </ul>
 */
public final class CutSource {

  private static final byte[] MAGIC = {(byte) 0xFF, 'A', 'f', 1};

  private CutSource() {}

  /**
   * A vector to cut out.
   *
   * @param from where its JSON begins in the document
   * @param to where it ends, exclusive
   * @param field the vector field that has it
   * @param before how many documents before this one, in its block, the one with the vector is
   */
  public record Cut(int from, int to, String field, int before, VectorForm form) {}

  /** Finds the vector of a field in the document so many before the one that is restored. */
  @FunctionalInterface
  public interface Vectors {

    /**
     * The vector; valid until the next call, not to be changed.
     *
     * @throws CorruptIndexException if there is none
     */
    float[] vector(String field, int before) throws IOException;
  }

  /**
   * The document without the vectors.
   *
   * @param cuts in ascending order, not overlapping
   */
  public static BytesRef cut(BytesRef json, List<Cut> cuts) {
    ByteBuffersDataOutput out = new ByteBuffersDataOutput();
    out.writeBytes(MAGIC, 0, MAGIC.length);
    List<String> fields = cuts.stream().map(Cut::field).distinct().toList();
    try {
      out.writeVInt(fields.size());
      for (String field : fields) {
        out.writeString(field);
      }
      out.writeVInt(cuts.size());
      int position = 0;
      for (Cut cut : cuts) {
        out.writeVInt(cut.from() - position);
        out.writeVInt(cut.before());
        out.writeVInt(2 * fields.indexOf(cut.field()) + cut.form().ordinal());
        position = cut.to();
      }
      position = 0;
      for (Cut cut : cuts) {
        out.writeBytes(json.bytes, json.offset + position, cut.from() - position);
        position = cut.to();
      }
      out.writeBytes(json.bytes, json.offset + position, json.length - position);
    } catch (IOException e) {
      throw new AssertionError("memory does not fail", e);
    }
    return new BytesRef(out.toArrayCopy());
  }

  /** Whether {@link #cut} made these bytes. */
  public static boolean isCut(BytesRef stored) {
    if (stored.length < MAGIC.length) {
      return false;
    }
    for (int i = 0; i < MAGIC.length; i++) {
      if (stored.bytes[stored.offset + i] != MAGIC[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * The document with its vectors.
   *
   * @param stored what {@link #cut} made
   * @throws CorruptIndexException if the bytes are not what {@link #cut} makes
   */
  public static byte[] restore(BytesRef stored, Vectors vectors) throws IOException {
    ByteArrayDataInput in =
        new ByteArrayDataInput(
            stored.bytes, stored.offset + MAGIC.length, stored.length - MAGIC.length);
    try {
      List<String> fields = readFields(in);
      int count = in.readVInt();
      int end = stored.offset + stored.length;
      ByteArrayDataInput cuts =
          new ByteArrayDataInput(stored.bytes, in.getPosition(), end - in.getPosition());
      for (int i = 0; i < 3 * count; i++) {
        in.readVInt();
      }
      int position = in.getPosition();
      ByteArrayOutputStream out = new ByteArrayOutputStream(2 * stored.length);
      for (int i = 0; i < count; i++) {
        int kept = cuts.readVInt();
        int before = cuts.readVInt();
        int field = cuts.readVInt();
        if (kept < 0 || kept > end - position || before < 0 || field < 0) {
          throw malformed(null);
        }
        out.write(stored.bytes, position, kept);
        position += kept;
        (field % 2 == 0 ? VectorForm.ARRAY : VectorForm.BASE64)
            .write(vectors.vector(fields.get(field / 2), before), out);
      }
      out.write(stored.bytes, position, end - position);
      return out.toByteArray();
    } catch (IndexOutOfBoundsException e) {
      throw malformed(e);
    }
  }

  private static List<String> readFields(ByteArrayDataInput in) throws IOException {
    int count = in.readVInt();
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fields.add(in.readString());
    }
    return fields;
  }

  private static CorruptIndexException malformed(Exception cause) {
    return new CorruptIndexException(
        "a stored document with its vectors cut out is malformed", "_source", cause);
  }
}
