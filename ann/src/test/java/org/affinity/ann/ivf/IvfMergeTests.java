/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.affinity.ann.codec.AffinityCodec;
import org.affinity.ann.codec.PerFieldVectorsFormat;
import org.affinity.ann.pq.CodedVectors;
import org.affinity.ann.pq.PqEncoding;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;

/** What a merge takes over from its sources. */
public class IvfMergeTests extends LuceneTestCase {

  private static final int DIMENSION = 12;

  private static AffinityIvfPqVectorsReader reader(LeafReaderContext leaf) {
    KnnVectorsReader reader = ((CodecReader) leaf.reader()).getVectorReader();
    if (reader instanceof PerFieldKnnVectorsFormat.FieldsReader fields) {
      reader = fields.getFieldReader("v");
    }
    return (AffinityIvfPqVectorsReader) reader;
  }

  /** By id, the record and the list. */
  private static Map<String, byte[]> records(DirectoryReader index, Map<String, Integer> lists)
      throws IOException {
    Map<String, byte[]> records = new HashMap<>();
    for (LeafReaderContext leaf : index.leaves()) {
      AffinityIvfPqVectorsReader reader = reader(leaf);
      CodedVectors.Records source = reader.records("v");
      int[] listOf = reader.lists("v").listOf();
      FloatVectorValues values = reader.getFloatVectorValues("v");
      KnnVectorValues.DocIndexIterator docs = values.iterator();
      for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
        if (leaf.reader().getLiveDocs() == null || leaf.reader().getLiveDocs().get(doc)) {
          byte[] record = new byte[reader.quantizer("v").recordLength()];
          source.read(docs.index(), record, 0);
          String id = leaf.reader().storedFields().document(doc).get("id");
          records.put(id, record);
          lists.put(id, listOf[docs.index()]);
        }
      }
    }
    return records;
  }

  /** A list of many blocks is gone to for each of its records, and must not grow by that. */
  public void testCopiesTheRecordsOfOneLongList() throws IOException {
    KnnVectorsFormat format =
        new AffinityIvfPqVectorsFormat(new IvfParameters(1, 0, new PqEncoding(2, 4, 256)));
    try (Directory directory = newDirectory();
        IndexWriter writer = new IndexWriter(directory, config(format))) {
      int size = 50_000;
      for (int i = 0; i < size + 1000; i++) {
        Document document = new Document();
        float[] vector = {random().nextFloat(), random().nextFloat()};
        document.add(new KnnFloatVectorField("v", vector, VectorSimilarityFunction.EUCLIDEAN));
        writer.addDocument(document);
        if (i == size) {
          writer.flush();
        }
      }
      writer.forceMerge(1);
      try (DirectoryReader index = DirectoryReader.open(writer)) {
        assertEquals(1, index.leaves().size());
        assertEquals(size + 1000, reader(index.leaves().get(0)).lists("v").listOf().length);
      }
    }
  }

  public void testSameQuantizerCopiesRecordsAndLists() throws IOException {
    VectorSimilarityFunction similarity =
        random().nextBoolean()
            ? VectorSimilarityFunction.EUCLIDEAN
            : VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT;
    Random random = new Random(random().nextLong());
    KnnVectorsFormat format =
        new AffinityIvfPqVectorsFormat(new IvfParameters(20, 0, new PqEncoding(4, 4, 256)));
    try (Directory directory = newDirectory();
        IndexWriter writer = new IndexWriter(directory, config(format))) {
      int[] sizes = {4000, 300, 500};
      int id = 0;
      for (int size : sizes) {
        for (int i = 0; i < size; i++) {
          writer.addDocument(document(id++, random, similarity));
        }
        writer.flush();
      }
      writer.deleteDocuments(new Term("key", "17"), new Term("key", "4100"));
      writer.commit();
      Map<String, Integer> listsBefore = new HashMap<>();
      Map<String, byte[]> before;
      try (DirectoryReader index = DirectoryReader.open(directory)) {
        assertEquals(3, index.leaves().size());
        for (LeafReaderContext leaf : index.leaves()) {
          assertEquals(
              "one quantizer for all",
              reader(index.leaves().get(0)).quantizer("v"),
              reader(leaf).quantizer("v"));
        }
        before = records(index, listsBefore);
      }
      writer.forceMerge(1);
      writer.commit();
      try (DirectoryReader index = DirectoryReader.open(directory)) {
        assertEquals(1, index.leaves().size());
        Map<String, Integer> lists = new HashMap<>();
        Map<String, byte[]> after = records(index, lists);
        assertEquals(before.keySet(), after.keySet());
        before.forEach((key, record) -> assertArrayEquals(key, record, after.get(key)));
        for (int i = 0; i < sizes[0]; i++) {
          String key = Integer.toString(i);
          assertEquals("list kept", listsBefore.get(key), lists.get(key));
        }
      }
    }
  }

  public void testOutgrownListsAreMadeAnew() throws IOException {
    KnnVectorsFormat small =
        new AffinityIvfPqVectorsFormat(new IvfParameters(5, 0, new PqEncoding(4, 4, 256)));
    KnnVectorsFormat large =
        new AffinityIvfPqVectorsFormat(new IvfParameters(40, 0, new PqEncoding(4, 4, 256)));
    Random random = new Random(random().nextLong());
    try (Directory directory = newDirectory()) {
      int id = 0;
      for (int segment = 0; segment < 2; segment++) {
        try (IndexWriter writer = new IndexWriter(directory, config(small))) {
          for (int i = 0; i < 1000; i++) {
            writer.addDocument(document(id++, random, VectorSimilarityFunction.COSINE));
          }
        }
      }
      try (IndexWriter writer = new IndexWriter(directory, config(large))) {
        writer.forceMerge(1);
      }
      try (DirectoryReader index = DirectoryReader.open(directory)) {
        assertEquals(40, reader(index.leaves().get(0)).lists("v").coarse().lists());
      }
      assertEquals(
          0, Arrays.stream(directory.listAll()).filter(name -> name.endsWith("tmp")).count());
    }
  }

  private static IndexWriterConfig config(KnnVectorsFormat format) {
    return new IndexWriterConfig()
        .setRAMBufferSizeMB(256)
        .setCodec(
            new AffinityCodec(
                Codec.forName("Lucene104"), new PerFieldVectorsFormat(field -> format)));
  }

  private static Document document(int id, Random random, VectorSimilarityFunction similarity) {
    Document document = new Document();
    document.add(new StoredField("id", Integer.toString(id)));
    document.add(
        new StringField("key", Integer.toString(id), org.apache.lucene.document.Field.Store.NO));
    float[] vector = new float[DIMENSION];
    for (int d = 0; d < DIMENSION; d++) {
      vector[d] = (float) random.nextGaussian();
    }
    document.add(new KnnFloatVectorField("v", vector, similarity));
    return document;
  }
}
