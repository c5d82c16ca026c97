/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.source;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.affinity.ann.codec.DerivedSourceCodec;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DocumentStoredFieldVisitor;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.index.BaseStoredFieldsFormatTestCase;
import org.apache.lucene.tests.util.TestUtil;
import org.apache.lucene.util.BytesRef;

/** Lucene's own tests of a stored-fields format, and vectors read as if they were stored. */
public class RestoringStoredFieldsFormatTests extends BaseStoredFieldsFormatTestCase {

  @Override
  protected Codec getCodec() {
    Codec delegate = TestUtil.getDefaultCodec();
    return new DerivedSourceCodec(delegate, delegate.knnVectorsFormat());
  }

  public void testAVectorIsReadByItselfAndNeverCopied() throws Exception {
    Map<Integer, float[]> vectors = new HashMap<>();
    try (Directory directory = newDirectory();
        IndexWriter writer =
            new IndexWriter(directory, new IndexWriterConfig().setCodec(getCodec()))) {
      for (int id = 0; id < 200; id++) {
        Document document = new Document();
        document.add(new StoredField("id", id));
        if (random().nextInt(4) > 0) {
          vectors.put(id, new float[] {random().nextFloat(), -random().nextFloat(), id});
          document.add(new KnnFloatVectorField("v", vectors.get(id)));
        }
        writer.addDocument(document);
        if (random().nextInt(30) == 0) {
          writer.commit();
        }
      }
      for (boolean merged : new boolean[] {false, true}) {
        if (merged) {
          writer.forceMerge(1);
        }
        try (DirectoryReader reader = DirectoryReader.open(writer)) {
          assertVectors(reader, vectors);
        }
      }
    }
  }

  private static void assertVectors(DirectoryReader reader, Map<Integer, float[]> vectors)
      throws Exception {
    int seen = 0;
    for (LeafReaderContext leaf : reader.leaves()) {
      for (int i = 0; i < 2 * leaf.reader().maxDoc(); i++) {
        int doc = i < leaf.reader().maxDoc() ? i : random().nextInt(leaf.reader().maxDoc());
        var everything = new DocumentStoredFieldVisitor();
        leaf.reader().storedFields().document(doc, everything);
        assertNull(everything.getDocument().getField("v"));
        int id = everything.getDocument().getField("id").numericValue().intValue();
        var only = new DocumentStoredFieldVisitor(Set.of("v"));
        leaf.reader().storedFields().document(doc, only);
        IndexableField field = only.getDocument().getField("v");
        float[] expected = vectors.get(id);
        assertEquals(expected == null, field == null);
        if (expected != null) {
          BytesRef bytes = field.binaryValue();
          float[] read = new float[bytes.length / Float.BYTES];
          ByteBuffer.wrap(bytes.bytes, bytes.offset, bytes.length)
              .order(ByteOrder.LITTLE_ENDIAN)
              .asFloatBuffer()
              .get(read);
          assertArrayEquals(expected, read, 0);
        }
        seen++;
      }
    }
    assertTrue(seen == 2 * reader.maxDoc());
  }
}
