/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import org.affinity.ann.codec.AffinityCodec;
import org.affinity.ann.codec.PerFieldVectorsFormat;
import org.affinity.ann.hnsw.AffinityHnswPqVectorsFormat;
import org.affinity.ann.pq.PqEncoding;
import org.affinity.ann.pq.PqFlatVectorsFormat;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.IntPoint;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.FloatVectorSimilarityQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.util.IOUtils;

/** Searches against brute force, on segments large enough for lists to be searched. */
public class IvfSearchTests extends LuceneTestCase {

  private static final int DIMENSION = 16;
  private static final int K = 10;

  private static AffinityIvfPqVectorsFormat format() {
    return new AffinityIvfPqVectorsFormat(new IvfParameters(40, 0, new PqEncoding(8, 256)));
  }

  /** Vectors in clusters, by id; null where a document has none. */
  private static final class Catalogue implements Closeable {
    final VectorSimilarityFunction similarity;
    final List<float[]> vectors = new ArrayList<>();
    final Set<Integer> deleted = new HashSet<>();
    final Directory directory = new ByteBuffersDirectory();
    private final Random random;
    private final float[][] centres;
    IndexWriter writer;
    DirectoryReader reader;
    IndexSearcher searcher;

    Catalogue(Random random, VectorSimilarityFunction similarity) {
      this.random = random;
      this.similarity = similarity;
      this.centres = new float[60][];
      for (int c = 0; c < centres.length; c++) {
        centres[c] = around(new float[DIMENSION], 3);
      }
    }

    float[] around(float[] centre, double spread) {
      float[] vector = centre.clone();
      for (int d = 0; d < DIMENSION; d++) {
        vector[d] += (float) (spread * random.nextGaussian());
      }
      return vector;
    }

    float[] newVector() {
      return around(centres[random.nextInt(centres.length)], 1);
    }

    void open(KnnVectorsFormat format, boolean sorted) throws IOException {
      IndexWriterConfig config = new IndexWriterConfig().setRAMBufferSizeMB(256);
      config.setCodec(
          new AffinityCodec(
              Codec.forName("Lucene104"), new PerFieldVectorsFormat(field -> format)));
      config.setMergePolicy(
          format instanceof AffinityIvfPqVectorsFormat
              ? config.getMergePolicy()
              : NoMergePolicy.INSTANCE);
      if (sorted) {
        config.setIndexSort(new Sort(new SortField("order", SortField.Type.INT)));
      }
      writer = new IndexWriter(directory, config);
    }

    void add(float[] vector) throws IOException {
      int id = vectors.size();
      vectors.add(vector);
      Document document = new Document();
      document.add(new IntPoint("id", id));
      document.add(new StoredField("id", id));
      document.add(new NumericDocValuesField("order", Integer.reverse(id)));
      if (vector != null) {
        document.add(new KnnFloatVectorField("v", vector, similarity));
      }
      writer.addDocument(document);
    }

    void delete(int from, int to) throws IOException {
      writer.deleteDocuments(IntPoint.newRangeQuery("id", from, to - 1));
      for (int id = from; id < to; id++) {
        deleted.add(id);
      }
    }

    void refresh() throws IOException {
      IOUtils.close(reader);
      reader = DirectoryReader.open(writer);
      searcher = new IndexSearcher(reader);
      searcher.setQueryCache(null);
    }

    int[] found(Query query, int k) throws IOException {
      ScoreDoc[] hits = searcher.search(query, k).scoreDocs;
      int[] ids = new int[hits.length];
      for (int i = 0; i < hits.length; i++) {
        ids[i] =
            searcher.storedFields().document(hits[i].doc).getField("id").numericValue().intValue();
      }
      return ids;
    }

    /** Score of the k-th best of the eligible, and how many those are. */
    float[] kthScore(float[] query, int k, IntPredicate eligible) {
      float[] scores = new float[vectors.size()];
      int count = 0;
      for (int id = 0; id < scores.length; id++) {
        if (vectors.get(id) != null && !deleted.contains(id) && eligible.test(id)) {
          scores[count++] = similarity.compare(query, vectors.get(id));
        }
      }
      Arrays.sort(scores, 0, count);
      return new float[] {count == 0 ? 0 : scores[Math.max(0, count - k)], count};
    }

    /** Checks number, eligibility and scores of the hits of some queries; returns the recall. */
    double recall(int k, Query filter, IntPredicate eligible) throws IOException {
      int right = 0;
      int wanted = 0;
      for (int q = 0; q < 30; q++) {
        float[] query = newVector();
        float[] kth = kthScore(query, k, eligible);
        ScoreDoc[] hits =
            searcher.search(new KnnFloatVectorQuery("v", query, k, filter), k).scoreDocs;
        assertEquals("hits", Math.min(k, (int) kth[1]), hits.length);
        Set<Integer> seen = new HashSet<>();
        for (ScoreDoc hit : hits) {
          int id =
              searcher.storedFields().document(hit.doc).getField("id").numericValue().intValue();
          assertTrue("twice", seen.add(id));
          assertTrue("eligible", eligible.test(id) && !deleted.contains(id));
          assertEquals("exact score", similarity.compare(query, vectors.get(id)), hit.score, 1e-4);
          right += hit.score >= kth[0] - 1e-5 ? 1 : 0;
        }
        wanted += hits.length;
      }
      return wanted == 0 ? 1 : right / (double) wanted;
    }

    @Override
    public void close() throws IOException {
      IOUtils.close(reader, writer, directory);
    }
  }

  private static VectorSimilarityFunction randomSimilarity() {
    VectorSimilarityFunction[] all = {
      VectorSimilarityFunction.EUCLIDEAN,
      VectorSimilarityFunction.COSINE,
      VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT
    };
    return all[random().nextInt(all.length)];
  }

  public void testFindsNeighboursInEverySpace() throws IOException {
    for (VectorSimilarityFunction similarity : VectorSimilarityFunction.values()) {
      if (similarity == VectorSimilarityFunction.DOT_PRODUCT) {
        continue;
      }
      try (Catalogue catalogue = new Catalogue(random(), similarity)) {
        catalogue.open(format(), false);
        for (int i = 0; i < 12_000; i++) {
          catalogue.add(catalogue.newVector());
        }
        catalogue.writer.forceMerge(1);
        catalogue.refresh();
        double recall = catalogue.recall(K, null, id -> true);
        assertTrue(similarity + " " + recall, recall > 0.95);
        recall = catalogue.recall(400, null, id -> true);
        assertTrue(similarity + " k=400 " + recall, recall > 0.9);
      }
    }
  }

  /**
   * Lengths over decades: one scale for all estimates would tell the long from the short, and
   * nothing else. Codes cannot tell as much here as elsewhere, so another scan of them is the bar.
   */
  public void testLengthsOverDecades() throws IOException {
    for (VectorSimilarityFunction similarity :
        List.of(
            VectorSimilarityFunction.EUCLIDEAN, VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT)) {
      List<float[]> vectors = new ArrayList<>();
      List<float[]> queries = new ArrayList<>();
      double[] recall = new double[2];
      for (int f = 0; f < 2; f++) {
        try (Catalogue catalogue = new Catalogue(random(), similarity)) {
          PqEncoding encoding = new PqEncoding(8, 256);
          catalogue.open(f == 0 ? new PqFlatVectorsFormat(encoding) : format(), false);
          for (int i = 0; i < 12_000; i++) {
            if (f == 0) {
              vectors.add(scaled(catalogue.newVector()));
            }
            catalogue.add(vectors.get(i));
          }
          catalogue.writer.forceMerge(1);
          catalogue.refresh();
          for (int q = 0; q < 50; q++) {
            if (f == 0) {
              queries.add(scaled(catalogue.newVector()));
            }
            float kth = catalogue.kthScore(queries.get(q), K, id -> true)[0];
            Query query = new KnnFloatVectorQuery("v", queries.get(q), K);
            for (ScoreDoc hit : catalogue.searcher.search(query, K).scoreDocs) {
              recall[f] += hit.score >= kth ? 1 / (50.0 * K) : 0;
            }
          }
        }
      }
      String message = similarity + ": flat " + recall[0] + ", ivf " + recall[1];
      assertTrue(message, recall[1] >= recall[0] - 0.05);
      assertTrue(message, recall[1] > 0.8);
    }
  }

  private static float[] scaled(float[] vector) {
    float scale = (float) Math.exp(1.5 * random().nextGaussian());
    for (int d = 0; d < vector.length; d++) {
      vector[d] *= scale;
    }
    return vector;
  }

  public void testFiltersAndDeletes() throws IOException {
    int count = 20_000;
    try (Catalogue catalogue = new Catalogue(random(), randomSimilarity())) {
      catalogue.open(format(), random().nextBoolean());
      for (int i = 0; i < count; i++) {
        catalogue.add(i % 9 == 8 ? null : catalogue.newVector());
      }
      catalogue.writer.forceMerge(1);
      catalogue.delete(100, 100 + random().nextInt(3000));
      catalogue.refresh();
      for (double share : new double[] {0.001, 0.01, 0.1, 0.3, 0.5, 0.9, 1}) {
        int to = (int) (share * count);
        Query filter = IntPoint.newRangeQuery("id", 0, to - 1);
        for (int k : new int[] {1, K, 300}) {
          double recall = catalogue.recall(k, filter, id -> id < to);
          assertTrue(
              catalogue.similarity + " " + share + " of all, k=" + k + ": " + recall, recall > 0.9);
        }
      }
      double recall = catalogue.recall(K, null, id -> true);
      assertTrue(catalogue.similarity + " deletes " + recall, recall > 0.95);
    }
  }

  /**
   * The filter leaves clusters far from the query only: probing must widen till enough is found.
   */
  public void testFilterAgainstTheQuery() throws IOException {
    try (Catalogue catalogue = new Catalogue(random(), VectorSimilarityFunction.EUCLIDEAN)) {
      catalogue.open(format(), false);
      float[] near = new float[DIMENSION];
      float[] far = new float[DIMENSION];
      Arrays.fill(far, 50);
      for (int i = 0; i < 20_000; i++) {
        catalogue.add(catalogue.around(i < 12_000 ? near : far, 3));
      }
      catalogue.writer.forceMerge(1);
      catalogue.refresh();
      Query filter = IntPoint.newRangeQuery("id", 12_000, 19_999);
      for (int q = 0; q < 10; q++) {
        float[] query = catalogue.around(near, 3);
        assertEquals(K, catalogue.found(new KnnFloatVectorQuery("v", query, K, filter), K).length);
      }
    }
  }

  public void testMoreNeighboursThanVectors() throws IOException {
    try (Catalogue catalogue = new Catalogue(random(), randomSimilarity())) {
      catalogue.open(format(), false);
      for (int i = 0; i < 6_000; i++) {
        catalogue.add(catalogue.newVector());
      }
      catalogue.writer.forceMerge(1);
      catalogue.delete(0, 500);
      catalogue.refresh();
      for (int k : new int[] {2_000, 5_500, 5_501, 6_000, 9_000}) {
        assertEquals(1, catalogue.recall(k, null, id -> true), 0.02);
      }
    }
  }

  public void testDuplicates() throws IOException {
    try (Catalogue catalogue = new Catalogue(random(), randomSimilarity())) {
      catalogue.open(format(), false);
      float[] same = catalogue.newVector();
      for (int i = 0; i < 9_000; i++) {
        catalogue.add(i % 2 == 0 ? same : catalogue.newVector());
      }
      catalogue.writer.forceMerge(1);
      catalogue.refresh();
      int[] found = catalogue.found(new KnnFloatVectorQuery("v", same, 500), 500);
      assertEquals(500, found.length);
      assertEquals(500, Arrays.stream(found).distinct().count());
      assertTrue(catalogue.recall(K, null, id -> true) > 0.9);
    }
  }

  public void testAllEqual() throws IOException {
    try (Catalogue catalogue = new Catalogue(random(), randomSimilarity())) {
      catalogue.open(format(), false);
      float[] same = catalogue.newVector();
      for (int i = 0; i < 3_000; i++) {
        catalogue.add(same);
      }
      catalogue.writer.forceMerge(1);
      catalogue.refresh();
      assertEquals(K, catalogue.found(new KnnFloatVectorQuery("v", same, K), K).length);
    }
  }

  /** Queries no table of codes can hold. */
  public void testHugeQuery() throws IOException {
    try (Catalogue catalogue = new Catalogue(random(), VectorSimilarityFunction.COSINE)) {
      catalogue.open(format(), false);
      for (int i = 0; i < 3_000; i++) {
        catalogue.add(catalogue.newVector());
      }
      catalogue.writer.forceMerge(1);
      catalogue.refresh();
      float[] huge = new float[DIMENSION];
      huge[3] = 1e18f;
      assertEquals(K, catalogue.found(new KnnFloatVectorQuery("v", huge, K), K).length);
    }
  }

  public void testMergesOfManySegmentsOfAnyFormat() throws IOException {
    KnnVectorsFormat[] formats = {
      format(),
      format(),
      new AffinityIvfPqVectorsFormat(new IvfParameters(5, 0, new PqEncoding(4, 256))),
      new PqFlatVectorsFormat(new PqEncoding(4, 256)),
      new AffinityHnswPqVectorsFormat(),
      new Lucene99HnswVectorsFormat()
    };
    boolean sorted = random().nextBoolean();
    try (Catalogue catalogue = new Catalogue(random(), randomSimilarity())) {
      int segments = 1 + random().nextInt(10);
      for (int s = 0; s < segments; s++) {
        catalogue.open(s == 0 ? format() : formats[random().nextInt(formats.length)], sorted);
        int size = s == 0 ? 6_000 : 1 + random().nextInt(2_000);
        for (int i = 0; i < size; i++) {
          catalogue.add(random().nextInt(20) == 0 ? null : catalogue.newVector());
        }
        catalogue.writer.close();
      }
      catalogue.open(format(), sorted);
      catalogue.refresh();
      assertTrue(catalogue.recall(K, null, id -> true) > 0.95);
      int from = random().nextInt(catalogue.vectors.size());
      catalogue.delete(from, Math.min(catalogue.vectors.size(), from + 700));
      catalogue.writer.forceMerge(1);
      catalogue.refresh();
      assertEquals(1, catalogue.reader.leaves().size());
      double recall = catalogue.recall(K, null, id -> true);
      assertTrue(catalogue.similarity + " " + recall, recall > 0.95);
      assertEquals(
          "no file left behind",
          0,
          Arrays.stream(catalogue.directory.listAll()).filter(f -> f.endsWith("tmp")).count());
    }
  }

  public void testAllAboveAScore() throws IOException {
    try (Catalogue catalogue = new Catalogue(random(), VectorSimilarityFunction.EUCLIDEAN)) {
      catalogue.open(format(), false);
      for (int i = 0; i < 12_000; i++) {
        catalogue.add(catalogue.newVector());
      }
      catalogue.writer.forceMerge(1);
      catalogue.refresh();
      int right = 0;
      int wanted = 0;
      for (int q = 0; q < 20; q++) {
        float[] query = catalogue.newVector();
        int about = 1 << (q % 12);
        float least = catalogue.kthScore(query, about, id -> true)[0];
        int[] found =
            catalogue.found(new FloatVectorSimilarityQuery("v", query, least, 0.5f, null), 12_000);
        assertEquals(found.length, Arrays.stream(found).distinct().count());
        assertTrue(found.length <= about);
        right += found.length;
        wanted += about;
      }
      assertTrue(right + " of " + wanted, right > 0.9 * wanted);
    }
  }
}
