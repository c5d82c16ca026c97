/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.affinity.quantization.DistanceTable;
import org.affinity.quantization.Metric;
import org.affinity.quantization.PqParameters;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.ProductQuantizerTrainer;
import org.affinity.quantization.VectorEncoder;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.util.VectorUtil;

public class PqVectorScorerTests extends LuceneTestCase {

  private static final int COUNT = 300;

  public void testScoresAreTheQuantizersInAnyOrderMappedOrNot() throws IOException {
    int dimension = 2 + random().nextInt(20);
    for (VectorSimilarityFunction similarity : VectorSimilarityFunction.values()) {
      int bits = List.of(4, 6, 8).get(random().nextInt(3));
      PqParameters parameters = new PqParameters(dimension, 1 + random().nextInt(dimension), bits);
      List<float[]> vectors = new ArrayList<>();
      for (int i = 0; i < COUNT; i++) {
        vectors.add(vector(dimension));
      }
      ProductQuantizer quantizer =
          new ProductQuantizerTrainer(parameters, StoredQuantizer.metric(similarity), 1)
              .train(vectors);
      byte[] records = encode(quantizer, vectors);
      float[] query = vector(dimension);
      DistanceTable table = quantizer.bind(query);
      float[] expected = new float[COUNT];
      for (int i = 0; i < COUNT; i++) {
        expected[i] = expected(similarity, table.score(records, i * quantizer.recordLength()));
      }
      Path folder = createTempDir();
      for (Directory directory : List.of(new ByteBuffersDirectory(), new MMapDirectory(folder))) {
        try (directory) {
          write(directory, records);
          try (IndexInput codes = directory.openInput("codes", IOContext.DEFAULT)) {
            assertScores(
                expected,
                new PqVectorScorer(
                    similarity,
                    quantizer,
                    codes,
                    FloatVectorValues.fromFloats(vectors, dimension),
                    query));
          }
        }
      }
    }
  }

  public void testClosedCodesAreNoWrongScores() throws IOException {
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      vectors.add(vector(8));
    }
    ProductQuantizer quantizer =
        new ProductQuantizerTrainer(new PqParameters(8, 4), Metric.L2, 1).train(vectors);
    try (Directory directory = new MMapDirectory(createTempDir())) {
      write(directory, encode(quantizer, vectors));
      IndexInput codes = directory.openInput("codes", IOContext.DEFAULT);
      PqVectorScorer scorer =
          new PqVectorScorer(
              VectorSimilarityFunction.EUCLIDEAN,
              quantizer,
              codes,
              FloatVectorValues.fromFloats(vectors, 8),
              vector(8));
      codes.close();
      expectThrows(AlreadyClosedException.class, () -> scorer.score(3));
    }
  }

  private static void assertScores(float[] expected, PqVectorScorer scorer) throws IOException {
    for (int round = 0; round < 50; round++) {
      int[] ords = ords();
      float[] scores = new float[ords.length + 1];
      float max = scorer.bulkScore(ords, scores, ords.length);
      float expectedMax = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < ords.length; i++) {
        assertEquals(expected[ords[i]], scores[i], 0);
        assertEquals(scores[i], scorer.score(ords[i]), 0);
        expectedMax = Math.max(expectedMax, scores[i]);
      }
      assertEquals(expectedMax, max, 0);
    }
  }

  private static float expected(VectorSimilarityFunction similarity, float estimate) {
    return switch (similarity) {
      case EUCLIDEAN -> VectorUtil.normalizeDistanceToUnitInterval(-estimate);
      case COSINE, DOT_PRODUCT -> VectorUtil.normalizeToUnitInterval(estimate);
      case MAXIMUM_INNER_PRODUCT -> VectorUtil.scaleMaxInnerProductScore(estimate);
    };
  }

  private static byte[] encode(ProductQuantizer quantizer, List<float[]> vectors) {
    byte[] records = new byte[vectors.size() * quantizer.recordLength()];
    VectorEncoder encoder = quantizer.encoder();
    for (int i = 0; i < vectors.size(); i++) {
      encoder.encode(vectors.get(i), records, i * quantizer.recordLength());
    }
    return records;
  }

  private static void write(Directory directory, byte[] records) throws IOException {
    try (IndexOutput out = directory.createOutput("codes", IOContext.DEFAULT)) {
      out.writeBytes(records, records.length);
    }
  }

  /** A run, a run with two places swapped (first and last in place), or any ordinals. */
  private static int[] ords() {
    int count = random().nextInt(70);
    int[] ords = new int[count];
    boolean run = random().nextBoolean();
    int first = random().nextInt(COUNT - count);
    for (int i = 0; i < count; i++) {
      ords[i] = run ? first + i : random().nextInt(COUNT);
    }
    if (run && count > 3 && random().nextBoolean()) {
      int swapped = ords[1];
      ords[1] = ords[2];
      ords[2] = swapped;
    }
    return ords;
  }

  private static float[] vector(int dimension) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) random().nextGaussian();
    }
    return vector;
  }
}
