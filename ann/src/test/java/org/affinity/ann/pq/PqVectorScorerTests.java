/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.affinity.quantization.PqParameters;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.ProductQuantizerTrainer;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.tests.util.LuceneTestCase;

public class PqVectorScorerTests extends LuceneTestCase {

  private static final int COUNT = 300;

  public void testScoresAreThoseOfTheDecodedVectorsInAnyOrder() throws IOException {
    int dimension = 1 + random().nextInt(20);
    PqParameters parameters = new PqParameters(dimension, 1 + random().nextInt(dimension));
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      vectors.add(vector(dimension));
    }
    ProductQuantizer quantizer = new ProductQuantizerTrainer(parameters, 1).train(vectors);
    List<float[]> decoded = new ArrayList<>();
    try (Directory directory = new ByteBuffersDirectory()) {
      try (IndexOutput out = directory.createOutput("codes", IOContext.DEFAULT)) {
        byte[] code = new byte[parameters.m()];
        for (float[] vector : vectors) {
          quantizer.encode(vector, code, 0);
          out.writeBytes(code, code.length);
          float[] reconstructed = new float[dimension];
          quantizer.decode(code, 0, reconstructed);
          decoded.add(reconstructed);
        }
      }
      float[] query = vector(dimension);
      for (VectorSimilarityFunction similarity :
          new VectorSimilarityFunction[] {
            VectorSimilarityFunction.EUCLIDEAN, VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT
          }) {
        try (IndexInput codes = directory.openInput("codes", IOContext.DEFAULT)) {
          PqVectorScorer scorer =
              new PqVectorScorer(
                  similarity,
                  quantizer,
                  codes,
                  FloatVectorValues.fromFloats(vectors, dimension),
                  query);
          for (int round = 0; round < 50; round++) {
            int[] ords = ords();
            float[] scores = new float[ords.length + 1];
            float max = scorer.bulkScore(ords, scores, ords.length);
            float expectedMax = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < ords.length; i++) {
              float expected = similarity.compare(query, decoded.get(ords[i]));
              assertEquals(expected, scores[i], 1e-4f * (1 + expected));
              assertEquals(scores[i], scorer.score(ords[i]), 0);
              expectedMax = Math.max(expectedMax, scores[i]);
            }
            assertEquals(expectedMax, max, 0);
          }
        }
      }
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
