/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.source;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.codecs.StoredFieldsReader;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.index.StoredFieldDataInput;
import org.apache.lucene.index.StoredFieldVisitor;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.IOUtils;

/**
 * Restores documents as they are read. A merge instance does so too: OpenSearch reads runs of hits
 * through one.
 */
final class RestoringStoredFieldsReader extends StoredFieldsReader {

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
    delegate.document(doc, vectors.isEmpty() ? visitor : new Restoring(doc, visitor));
  }

  private byte[] restore(int doc, byte[] stored) throws IOException {
    BytesRef bytes = new BytesRef(stored);
    return CutSource.isCut(bytes)
        ? CutSource.restore(bytes, (field, before) -> vector(field, doc - before))
        : stored;
  }

  private float[] vector(String field, int doc) throws IOException {
    Cursor cursor = cursors.get(field);
    if (cursor == null) {
      cursor = new Cursor(field, vectors.values(field));
      cursors.put(field, cursor);
    }
    return cursor.vector(doc);
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
      throw new CorruptIndexException(
          "field [" + field + "] has no vector for document [" + doc + "]", "_source");
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
