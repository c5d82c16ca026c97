/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.affinity.ann.codec.AffinityCodec;
import org.affinity.ann.codec.PerFieldVectorsFormat;
import org.affinity.ann.search.AnnSearchStrategy;
import org.affinity.ann.search.NearestQuery;
import org.affinity.ann.search.VectorSpace;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.MultiDocValues;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.opensearch.test.OpenSearchTestCase;

/**
 * Every method with every encoder in every space finds, with default settings and after a merge,
 * what brute force finds; with the very scores.
 */
public class RecallTests extends OpenSearchTestCase {

  private static final int SIZE = 5000;
  private static final int DIMENSION = 32;
  private static final int QUERIES = 40;
  private static final int K = 10;

  /** Clusters of differing length and, in them, vectors of differing length; none near 1. */
  private final float[][] vectors = new float[SIZE][DIMENSION];

  private final float[][] queries = new float[QUERIES][];

  @Override
  public void setUp() throws Exception {
    super.setUp();
    Random random = new Random(7); // recall is a number of this data, not a law
    float[][] centers = new float[40][];
    for (int c = 0; c < centers.length; c++) {
      centers[c] = gaussian(random, (float) (3 * Math.exp(0.3 * random.nextGaussian())), 0.3f);
    }
    for (int i = 0; i < SIZE; i++) {
      float[] center = centers[random.nextInt(centers.length)];
      float[] offset = gaussian(random, 1.5f, 0);
      float scale = (float) Math.exp(0.25 * random.nextGaussian());
      for (int d = 0; d < DIMENSION; d++) {
        vectors[i][d] = scale * (center[d] + offset[d]);
      }
    }
    for (int i = 0; i < QUERIES; i++) {
      queries[i] = gaussian(random, 1, 0);
      float[] near = vectors[random.nextInt(SIZE)];
      for (int d = 0; d < DIMENSION; d++) {
        queries[i][d] += near[d];
      }
    }
  }

  private static float[] gaussian(Random random, float scale, float mean) {
    float[] vector = new float[DIMENSION];
    for (int d = 0; d < DIMENSION; d++) {
      vector[d] = scale * (mean + (float) random.nextGaussian());
    }
    return vector;
  }

  public void testNone() throws IOException {
    assertFinds(new Encoder.None());
  }

  public void testEightBits() throws IOException {
    assertFinds(new Encoder.Sq(8));
  }

  public void testFourBits() throws IOException {
    assertFinds(new Encoder.Sq(4));
  }

  public void testBinary() throws IOException {
    assertFinds(new Encoder.Binary());
  }

  public void testProductQuantization() throws IOException {
    assertFinds(Encoder.DEFAULT);
  }

  public void testLists() throws IOException {
    for (VectorSpace space : VectorSpace.values()) {
      assertFinds(new IndexMethod.Ivf(0, 0, Encoder.DEFAULT), space);
      assertFinds(new IndexMethod.Ivf(40, 0, Encoder.DEFAULT), space);
    }
  }

  private void assertFinds(Encoder encoder) throws IOException {
    for (VectorSpace space : VectorSpace.values()) {
      assertFinds(IndexMethod.DEFAULT.with(encoder), space);
      assertFinds(new IndexMethod.Flat(encoder), space);
    }
  }

  private void assertFinds(IndexMethod method, VectorSpace space) throws IOException {
    float[][] scores = new float[QUERIES][SIZE];
    for (int q = 0; q < QUERIES; q++) {
      for (int i = 0; i < SIZE; i++) {
        scores[q][i] = space.score(space.signal(queries[q], vectors[i]));
      }
    }
    double recall = recall(method, space, scores);
    logger.info("recall@{} of {} in {}: {}", K, method, space, recall);
    assertTrue(method + " in " + space + " has recall " + recall, recall >= 0.95);
  }

  private double recall(IndexMethod method, VectorSpace space, float[][] scores)
      throws IOException {
    AnnSearchStrategy strategy = Encoder.defaults(method.encoder());
    try (Directory directory = new ByteBuffersDirectory()) {
      index(directory, method.format(), space);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        assertEquals(1, reader.leaves().size());
        IndexSearcher searcher = new IndexSearcher(reader);
        int found = 0;
        for (int q = 0; q < QUERIES; q++) {
          Set<Integer> best = best(scores[q]);
          NearestQuery query = new NearestQuery("v", space, queries[q], K, strategy, null);
          ScoreDoc[] hits = searcher.search(query, K).scoreDocs;
          assertEquals(K, hits.length);
          Arrays.sort(hits, Comparator.comparingInt(hit -> hit.doc));
          NumericDocValues ids = MultiDocValues.getNumericValues(reader, "id");
          for (ScoreDoc hit : hits) {
            assertTrue(ids.advanceExact(hit.doc));
            int id = (int) ids.longValue();
            assertEquals("the score of brute force", scores[q][id], hit.score, 0);
            found += best.contains(id) ? 1 : 0;
          }
        }
        return found / (double) (QUERIES * K);
      }
    }
  }

  /** Two segments, the larger with a graph, merged into one. */
  private void index(Directory directory, KnnVectorsFormat format, VectorSpace space)
      throws IOException {
    IndexWriterConfig config = new IndexWriterConfig();
    config.setCodec(
        new AffinityCodec(Codec.forName("Lucene104"), new PerFieldVectorsFormat(field -> format)));
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (int i = 0; i < SIZE; i++) {
        Document document = new Document();
        document.add(new KnnFloatVectorField("v", vectors[i], space.similarity()));
        document.add(new NumericDocValuesField("id", i));
        writer.addDocument(document);
        if (i == 4500) {
          writer.flush();
        }
      }
      writer.forceMerge(1);
    }
  }

  private static Set<Integer> best(float[] scores) {
    Set<Integer> best = new HashSet<>();
    IntStream.range(0, SIZE)
        .boxed()
        .sorted((a, b) -> Float.compare(scores[b], scores[a]))
        .limit(K)
        .forEach(best::add);
    return best;
  }
}
