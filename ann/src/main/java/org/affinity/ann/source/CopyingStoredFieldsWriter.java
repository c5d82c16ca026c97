/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.source;

import java.io.IOException;
import java.util.Collection;
import org.apache.lucene.codecs.StoredFieldsReader;
import org.apache.lucene.codecs.StoredFieldsWriter;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.MergeState;
import org.apache.lucene.index.StoredFieldDataInput;
import org.apache.lucene.util.Accountable;
import org.apache.lucene.util.BytesRef;

/**
 * Another format's writer, which at merges sees the files as they are: it copies documents with
 * their vectors cut out, in bulk where it can. The vectors move in the same merge, and blocks of
 * nested documents stay together, so what a document says of its vectors stays true.
 */
final class CopyingStoredFieldsWriter extends StoredFieldsWriter {

  private final StoredFieldsWriter delegate;

  CopyingStoredFieldsWriter(StoredFieldsWriter delegate) {
    this.delegate = delegate;
  }

  @Override
  public int merge(MergeState state) throws IOException {
    StoredFieldsReader[] readers = state.storedFieldsReaders;
    for (int i = 0; i < readers.length; i++) {
      if (readers[i] instanceof RestoringStoredFieldsReader restoring) {
        readers[i] = restoring.delegate();
      }
    }
    return delegate.merge(state);
  }

  @Override
  public void startDocument() throws IOException {
    delegate.startDocument();
  }

  @Override
  public void finishDocument() throws IOException {
    delegate.finishDocument();
  }

  @Override
  public void writeField(FieldInfo field, int value) throws IOException {
    delegate.writeField(field, value);
  }

  @Override
  public void writeField(FieldInfo field, long value) throws IOException {
    delegate.writeField(field, value);
  }

  @Override
  public void writeField(FieldInfo field, float value) throws IOException {
    delegate.writeField(field, value);
  }

  @Override
  public void writeField(FieldInfo field, double value) throws IOException {
    delegate.writeField(field, value);
  }

  @Override
  public void writeField(FieldInfo field, StoredFieldDataInput value) throws IOException {
    delegate.writeField(field, value);
  }

  @Override
  public void writeField(FieldInfo field, BytesRef value) throws IOException {
    delegate.writeField(field, value);
  }

  @Override
  public void writeField(FieldInfo field, String value) throws IOException {
    delegate.writeField(field, value);
  }

  @Override
  public void finish(int documents) throws IOException {
    delegate.finish(documents);
  }

  @Override
  public void close() throws IOException {
    delegate.close();
  }

  @Override
  public long ramBytesUsed() {
    return delegate.ramBytesUsed();
  }

  @Override
  public Collection<Accountable> getChildResources() {
    return delegate.getChildResources();
  }
}
