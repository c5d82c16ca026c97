/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.affinity.ann.codec.AffinityCodec;
import org.affinity.ann.codec.PerFieldVectorsFormat;
import org.affinity.ann.hnsw.AffinityHnswPqVectorsFormat;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.IntPoint;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.FloatVectorSimilarityQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;

/** Plain Lucene queries over our formats: exact scores, and as many hits as there are. */
public class ExactRescoringTests extends LuceneTestCase {

  private static final int COUNT = 4000;
  private static final int DIMENSION = 12;

  private static final VectorSimilarityFunction SIMILARITY = VectorSimilarityFunction.EUCLIDEAN;

  private interface Check {
    void on(IndexSearcher searcher, List<float[]> vectors, String name) throws IOException;
  }

  private static void onEveryFormat(Check check) throws IOException {
    PqEncoding encoding = new PqEncoding(6, 8, 100);
    for (KnnVectorsFormat format :
        List.of(
            new PqFlatVectorsFormat(encoding),
            new AffinityHnswPqVectorsFormat(16, 100, 0, encoding))) {
      List<float[]> vectors = new ArrayList<>();
      try (Directory directory = new ByteBuffersDirectory()) {
        IndexWriterConfig config = new IndexWriterConfig();
        config.setCodec(
            new AffinityCodec(
                Codec.forName("Lucene104"), new PerFieldVectorsFormat(field -> format)));
        try (IndexWriter writer = new IndexWriter(directory, config)) {
          for (int i = 0; i < COUNT; i++) {
            vectors.add(vector());
            Document document = new Document();
            document.add(new KnnFloatVectorField("v", vectors.get(i), SIMILARITY));
            document.add(new IntPoint("number", i));
            writer.addDocument(document);
          }
        }
        try (IndexReader reader = DirectoryReader.open(directory)) {
          assertEquals(1, reader.leaves().size());
          check.on(new IndexSearcher(reader), vectors, format.getName());
        }
      }
    }
  }

  public void testNearestHaveExactScores() throws IOException {
    onEveryFormat(
        (searcher, vectors, name) -> {
          int right = 0;
          for (int round = 0; round < 20; round++) {
            float[] target = vector();
            double tenth = score(vectors, target, 10);
            for (ScoreDoc hit : search(searcher, new KnnFloatVectorQuery("v", target, 10), 10)) {
              float exact = SIMILARITY.compare(target, vectors.get(hit.doc));
              assertEquals(name, exact, hit.score, 1e-5 * exact);
              right += exact >= tenth ? 1 : 0;
            }
          }
          assertTrue(name + ": " + right + " of 200", right >= 180);
        });
  }

  public void testRadialSearchFindsAllWithinReach() throws IOException {
    onEveryFormat(
        (searcher, vectors, name) -> {
          for (int round = 0; round < 5; round++) {
            float[] target = vector();
            float reach = (float) score(vectors, target, 100) * 0.99999f;
            Query query = new FloatVectorSimilarityQuery("v", target, reach);
            int found = search(searcher, query, COUNT).length;
            assertTrue(name + ": " + found, found >= 90 && found <= 101);
          }
        });
  }

  public void testAFilterLeavesEnough() throws IOException {
    onEveryFormat(
        (searcher, vectors, name) -> {
          Query filter = IntPoint.newRangeQuery("number", 0, COUNT / 2);
          for (ScoreDoc hit :
              search(searcher, new KnnFloatVectorQuery("v", vector(), 50, filter), 50)) {
            assertTrue(name, hit.doc <= COUNT / 2);
          }
          assertEquals(
              name,
              50,
              search(searcher, new KnnFloatVectorQuery("v", vector(), 50, filter), 50).length);
        });
  }

  private static ScoreDoc[] search(IndexSearcher searcher, Query query, int size)
      throws IOException {
    return searcher.search(query, size).scoreDocs;
  }

  /** The score on a place, 1 for the best. */
  private static double score(List<float[]> vectors, float[] target, int place) {
    double[] scores =
        vectors.stream().mapToDouble(vector -> SIMILARITY.compare(target, vector)).toArray();
    Arrays.sort(scores);
    return scores[scores.length - place];
  }

  private static float[] vector() {
    float[] vector = new float[DIMENSION];
    for (int d = 0; d < DIMENSION; d++) {
      vector[d] = (float) random().nextGaussian();
    }
    return vector;
  }
}
