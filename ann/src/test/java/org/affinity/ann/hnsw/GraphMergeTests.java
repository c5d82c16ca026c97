/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.hnsw;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.affinity.ann.codec.AffinityCodec;
import org.affinity.ann.codec.PerFieldVectorsFormat;
import org.affinity.ann.pq.CodedVectors;
import org.affinity.ann.pq.PqEncoding;
import org.affinity.quantization.ProductQuantizer;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.util.InfoStream;

/** Merges keep what their segments have: graphs and codes. */
public class GraphMergeTests extends LuceneTestCase {

  private static final int PER_SEGMENT = 2100;

  /** Collects what Lucene and we say of a merge. */
  private static final class Messages extends InfoStream {
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void message(String component, String message) {
      said.add(component + ": " + message);
    }

    @Override
    public boolean isEnabled(String component) {
      return component.equals("HNSW") || component.equals("PQ");
    }

    @Override
    public void close() {}

    boolean has(String words) {
      return said.stream().anyMatch(message -> message.contains(words));
    }
  }

  public void testGraphsAreMergedAndCodesCopied() throws IOException {
    Messages messages = new Messages();
    try (Directory directory = new ByteBuffersDirectory()) {
      Random random = new Random(random().nextLong());
      try (IndexWriter writer = new IndexWriter(directory, config(messages))) {
        for (int segment = 0; segment < 2; segment++) {
          for (int i = 0; i < PER_SEGMENT; i++) {
            writer.addDocument(document(random));
          }
          writer.flush();
        }
        writer.commit();
        List<ProductQuantizer> before = quantizers(directory);
        assertEquals("two segments", 2, before.size());
        assertEquals("share a codebook", before.get(0), before.get(1));
        messages.said.clear();
        writer.forceMerge(1);
        assertTrue(messages.said.toString(), messages.has("merging 2 graphs"));
        assertTrue(messages.said.toString(), messages.has("PQ: field v: reuses"));
        assertFalse(messages.said.toString(), messages.has("PQ: field v: trained"));
      }
      assertEquals(1, quantizers(directory).size());
    }
  }

  public void testVectorsOfAnotherKindGetACodebookOfTheirOwn() throws IOException {
    Messages messages = new Messages();
    try (Directory directory = new ByteBuffersDirectory();
        IndexWriter writer = new IndexWriter(directory, config(messages))) {
      Random random = new Random(random().nextLong());
      for (int i = 0; i < PER_SEGMENT; i++) {
        writer.addDocument(document(random));
      }
      writer.flush();
      messages.said.clear();
      for (int i = 0; i < PER_SEGMENT; i++) {
        float[] vector = vector(random);
        for (int d = 0; d < vector.length; d++) {
          vector[d] = 10 + 5 * vector[d];
        }
        writer.addDocument(document(vector));
      }
      writer.flush();
      assertTrue(messages.said.toString(), messages.has("PQ: field v: trained"));
    }
  }

  public void testAGraphOfAnotherMIsBuiltAnew() throws IOException {
    try (Directory directory = new ByteBuffersDirectory()) {
      Random random = new Random(random().nextLong());
      try (IndexWriter writer = new IndexWriter(directory, config(16, InfoStream.NO_OUTPUT))) {
        for (int i = 0; i < PER_SEGMENT; i++) {
          writer.addDocument(document(random));
        }
      }
      try (IndexWriter writer = new IndexWriter(directory, config(4, InfoStream.NO_OUTPUT))) {
        for (int i = 0; i < PER_SEGMENT / 3; i++) {
          writer.addDocument(document(random));
        }
        writer.forceMerge(1);
      }
      try (IndexReader reader = DirectoryReader.open(directory)) {
        IndexSearcher searcher = new IndexSearcher(reader);
        for (int i = 0; i < 50; i++) {
          KnnFloatVectorQuery query = new KnnFloatVectorQuery("v", vector(random), 10);
          assertEquals(10, searcher.search(query, 10).scoreDocs.length);
        }
      }
    }
  }

  /** A drift test that saw the first segment alone would keep its codebook for both. */
  public void testACodebookMustFitAllSegments() throws IOException {
    Messages messages = new Messages();
    try (Directory directory = new ByteBuffersDirectory();
        IndexWriter writer = new IndexWriter(directory, config(8, messages))) {
      Random random = new Random(random().nextLong());
      for (int segment = 0; segment < 2; segment++) {
        for (int i = 0; i < PER_SEGMENT; i++) {
          float[] vector = vector(random);
          for (int d = 0; d < vector.length; d++) {
            vector[d] = segment * (d % 2 == 0 ? 8 : -8) + vector[d];
          }
          writer.addDocument(document(vector));
        }
        writer.flush();
      }
      messages.said.clear();
      writer.forceMerge(1);
      assertTrue(messages.said.toString(), messages.has("PQ: field v: trained"));
    }
  }

  private static IndexWriterConfig config(InfoStream messages) {
    return config(8, messages);
  }

  private static IndexWriterConfig config(int m, InfoStream messages) {
    KnnVectorsFormat format =
        new AffinityHnswPqVectorsFormat(
            m, 40, 0, new PqEncoding(PqEncoding.AUTO_M, 4, PER_SEGMENT / 2));
    IndexWriterConfig config = new IndexWriterConfig();
    config.setInfoStream(messages);
    config.setUseCompoundFile(false);
    config.setCodec(
        new AffinityCodec(Codec.forName("Lucene104"), new PerFieldVectorsFormat(field -> format)));
    return config;
  }

  private static List<ProductQuantizer> quantizers(Directory directory) throws IOException {
    List<ProductQuantizer> quantizers = new ArrayList<>();
    try (IndexReader reader = DirectoryReader.open(directory)) {
      for (var leaf : reader.leaves()) {
        var vectors =
            (PerFieldKnnVectorsFormat.FieldsReader) ((CodecReader) leaf.reader()).getVectorReader();
        quantizers.add(((CodedVectors) vectors.getFieldReader("v")).quantizer("v"));
      }
    }
    return quantizers;
  }

  private static Document document(Random random) {
    return document(vector(random));
  }

  private static Document document(float[] vector) {
    Document document = new Document();
    document.add(new KnnFloatVectorField("v", vector, VectorSimilarityFunction.EUCLIDEAN));
    return document;
  }

  private static float[] vector(Random random) {
    float[] vector = new float[8];
    for (int d = 0; d < vector.length; d++) {
      vector[d] = (float) random.nextGaussian();
    }
    return vector;
  }
}
