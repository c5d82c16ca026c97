/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.codecs.StoredFieldsReader;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DocValuesSkipIndexType;
import org.apache.lucene.index.DocValuesType;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.index.StoredFieldDataInput;
import org.apache.lucene.index.StoredFieldVisitor;
import org.apache.lucene.index.VectorEncoding;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.IOUtils;

/**
 * Restores documents as they are read. A merge instance does so too: OpenSearch reads runs of hits
 * through one.
 *
 * <p>A vector can also be read by itself, as if it were a stored field of its field's name: bytes
 * of little-endian float32, which cost no document to restore and none to parse. Not for a visitor
 * that takes whatever there is: it makes a copy, and vectors are no part of what is stored.
 */
final class RestoringStoredFieldsReader extends StoredFieldsReader {

  /** Has a name that no field has, so whoever wants it wants everything. */
  private static final FieldInfo NO_FIELD =
      new FieldInfo(
          "",
          -1,
          false,
          false,
          false,
          IndexOptions.NONE,
          DocValuesType.NONE,
          DocValuesSkipIndexType.NONE,
          -1,
          Map.of(),
          0,
          0,
          0,
          0,
          VectorEncoding.FLOAT32,
          VectorSimilarityFunction.EUCLIDEAN,
          false,
          false);

  private final StoredFieldsReader delegate;
  private final RawVectors vectors;
  private final boolean owner;
  private final Map<String, Cursor> cursors = new HashMap<>();

  /** Closes the vectors when it is closed. */
  RestoringStoredFieldsReader(StoredFieldsReader delegate, RawVectors vectors) {
    this(delegate, vectors, true);
  }

  private RestoringStoredFieldsReader(
      StoredFieldsReader delegate, RawVectors vectors, boolean owner) {
    this.delegate = delegate;
    this.vectors = vectors;
    this.owner = owner;
  }

  /** What is in the files, documents with their vectors cut out. */
  StoredFieldsReader delegate() {
    return delegate;
  }

  @Override
  public void document(int doc, StoredFieldVisitor visitor) throws IOException {
    if (vectors.isEmpty()) {
      delegate.document(doc, visitor);
      return;
    }
    delegate.document(doc, new Restoring(doc, visitor));
    for (FieldInfo field : vectors.infos()) {
      if (visitor.needsField(field) == StoredFieldVisitor.Status.YES && !takesAll(visitor)) {
        float[] vector = cursor(field.name).find(doc);
        if (vector != null) {
          visitor.binaryField(field, littleEndian(vector));
        }
      }
    }
  }

  private static byte[] littleEndian(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return bytes.array();
  }

  private static boolean takesAll(StoredFieldVisitor visitor) throws IOException {
    return visitor.needsField(NO_FIELD) == StoredFieldVisitor.Status.YES;
  }

  private byte[] restore(int doc, byte[] stored) throws IOException {
    BytesRef bytes = new BytesRef(stored);
    return CutSource.isCut(bytes)
        ? CutSource.restore(bytes, (field, before) -> vector(field, doc - before))
        : stored;
  }

  private float[] vector(String field, int doc) throws IOException {
    return cursor(field).vector(doc);
  }

  private Cursor cursor(String field) throws IOException {
    Cursor cursor = cursors.get(field);
    if (cursor == null) {
      cursor = new Cursor(field, vectors.values(field));
      cursors.put(field, cursor);
    }
    return cursor;
  }

  /** The vectors of a field, quickest in ascending order of documents. */
  private static final class Cursor {

    private final String field;
    private FloatVectorValues values;
    private DocIndexIterator iterator;

    Cursor(String field, FloatVectorValues values) {
      this.field = field;
      this.values = values;
    }

    float[] vector(int doc) throws IOException {
      float[] vector = find(doc);
      if (vector == null) {
        throw new CorruptIndexException(
            "field [" + field + "] has no vector for document [" + doc + "]", "_source");
      }
      return vector;
    }

    /** Null if the document has none. */
    float[] find(int doc) throws IOException {
      if (values != null && doc >= 0) {
        if (iterator == null || iterator.docID() > doc) {
          // Sparse values have one iterator, and it does not go back.
          values = values.copy();
          iterator = values.iterator();
        }
        if (iterator.docID() == doc || iterator.advance(doc) == doc) {
          return values.vectorValue(iterator.index());
        }
      }
      return null;
    }
  }

  private final class Restoring extends StoredFieldVisitor {

    private final int doc;
    private final StoredFieldVisitor visitor;

    Restoring(int doc, StoredFieldVisitor visitor) {
      this.doc = doc;
      this.visitor = visitor;
    }

    @Override
    public Status needsField(FieldInfo field) throws IOException {
      return visitor.needsField(field);
    }

    @Override
    public void binaryField(FieldInfo field, StoredFieldDataInput value) throws IOException {
      if (field.name.equals(RestoringStoredFieldsFormat.SOURCE)) {
        byte[] bytes = new byte[value.length()];
        value.getDataInput().readBytes(bytes, 0, bytes.length);
        visitor.binaryField(field, restore(doc, bytes));
      } else {
        visitor.binaryField(field, value);
      }
    }

    @Override
    public void binaryField(FieldInfo field, byte[] value) throws IOException {
      boolean source = field.name.equals(RestoringStoredFieldsFormat.SOURCE);
      visitor.binaryField(field, source ? restore(doc, value) : value);
    }

    @Override
    public void stringField(FieldInfo field, String value) throws IOException {
      visitor.stringField(field, value);
    }

    @Override
    public void intField(FieldInfo field, int value) throws IOException {
      visitor.intField(field, value);
    }

    @Override
    public void longField(FieldInfo field, long value) throws IOException {
      visitor.longField(field, value);
    }

    @Override
    public void floatField(FieldInfo field, float value) throws IOException {
      visitor.floatField(field, value);
    }

    @Override
    public void doubleField(FieldInfo field, double value) throws IOException {
      visitor.doubleField(field, value);
    }
  }

  @Override
  public StoredFieldsReader clone() {
    return new RestoringStoredFieldsReader(delegate.clone(), vectors, false);
  }

  @Override
  public StoredFieldsReader getMergeInstance() {
    return new RestoringStoredFieldsReader(delegate.getMergeInstance(), vectors, false);
  }

  /** The vectors are checked by their own reader. */
  @Override
  public void checkIntegrity() throws IOException {
    delegate.checkIntegrity();
  }

  /** Clones and merge instances are closed too (by a scroll that ends), while others read on. */
  @Override
  public void close() throws IOException {
    IOUtils.close(delegate, owner ? vectors : null);
  }

  @Override
  public String toString() {
    return "RestoringStoredFieldsReader(" + delegate + ")";
  }
}
