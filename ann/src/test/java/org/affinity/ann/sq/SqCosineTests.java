/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.sq;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.TestUtil;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/** What Lucene's scalar codes lack under cosine. */
public class SqCosineTests extends LuceneTestCase {

  private static final VectorSimilarityFunction COSINE = VectorSimilarityFunction.COSINE;

  private static List<KnnVectorsFormat> formats() {
    return List.of(
        new SqFlatVectorsFormat(ScalarEncoding.PACKED_NIBBLE),
        new SqFlatVectorsFormat(ScalarEncoding.SINGLE_BIT_QUERY_NIBBLE),
        new SqHnswVectorsFormat(ScalarEncoding.UNSIGNED_BYTE, 16, 100, 0),
        new SqHnswVectorsFormat(ScalarEncoding.SINGLE_BIT_QUERY_NIBBLE, 16, 100, 0));
  }

  /** One of length 2: the sum of the vectors is not zero where that of their directions is. */
  public void testOppositeVectorsAreFlushed() throws IOException {
    for (KnnVectorsFormat format : formats()) {
      for (float length : new float[] {1, 2}) {
        try (Directory directory = newDirectory();
            IndexWriter writer = writer(directory, format)) {
          writer.addDocument(document(1, 0));
          writer.addDocument(new Document());
          writer.addDocument(document(-length, 0));
          assertBoth(writer, length);
        }
      }
    }
  }

  public void testOppositeSegmentsAreMerged() throws IOException {
    for (KnnVectorsFormat format : formats()) {
      for (float length : new float[] {1, 2}) {
        try (Directory directory = newDirectory();
            IndexWriter writer = writer(directory, format)) {
          writer.addDocument(document(1, 0));
          writer.commit();
          writer.addDocument(document(-length, 0));
          writer.commit();
          writer.forceMerge(1);
          assertBoth(writer, length);
        }
      }
    }
  }

  private static void assertBoth(IndexWriter writer, float length) throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(writer)) {
      IndexSearcher searcher = new IndexSearcher(reader);
      ScoreDoc[] hits =
          searcher.search(new KnnFloatVectorQuery("v", new float[] {3, 0.1f}, 5), 5).scoreDocs;
      assertEquals("the extra vector is no document", 2, hits.length);
      assertTrue(hits[0].doc < hits[1].doc);
      LeafReader leaf = getOnlyLeafReader(reader);
      assertEquals(2, leaf.getFloatVectorValues("v").size());
      assertArrayEquals(
          "raw", new float[] {-length, 0}, leaf.getFloatVectorValues("v").vectorValue(1), 0);
      TestUtil.checkReader(reader);
    }
  }

  /** Vectors much longer than 1: Lucene's graph would be noise after a merge. */
  public void testGraphOfAMergeFindsLongVectors() throws IOException {
    int dimension = 64;
    int size = 2000;
    Random random = random();
    float[][] vectors = new float[size][dimension];
    for (float[] vector : vectors) {
      float length = 5 + 20 * random.nextFloat();
      for (int d = 0; d < dimension; d++) {
        vector[d] = length * (float) random.nextGaussian();
      }
    }
    KnnVectorsFormat format =
        new SqHnswVectorsFormat(ScalarEncoding.SINGLE_BIT_QUERY_NIBBLE, 16, 100, 0);
    try (Directory directory = newDirectory();
        IndexWriter writer = writer(directory, format)) {
      for (int i = 0; i < size; i++) {
        writer.addDocument(document(vectors[i]));
        if (i == size / 2) {
          writer.commit();
        }
      }
      writer.forceMerge(1);
      try (DirectoryReader reader = DirectoryReader.open(writer)) {
        IndexSearcher searcher = new IndexSearcher(reader);
        int found = 0;
        for (int i = 0; i < 50; i++) {
          int nearest = random.nextInt(size);
          float[] query = vectors[nearest].clone();
          query[0] += 1;
          ScoreDoc[] hits = searcher.search(new KnnFloatVectorQuery("v", query, 50), 50).scoreDocs;
          found += IntStream.range(0, hits.length).anyMatch(h -> hits[h].doc == nearest) ? 1 : 0;
        }
        assertTrue("found " + found + " of 50", found >= 48);
      }
    }
  }

  private static IndexWriter writer(Directory directory, KnnVectorsFormat format)
      throws IOException {
    return new IndexWriter(
        directory, new IndexWriterConfig().setCodec(TestUtil.alwaysKnnVectorsFormat(format)));
  }

  private static Document document(float... vector) {
    Document document = new Document();
    document.add(new KnnFloatVectorField("v", vector, COSINE));
    return document;
  }
}
