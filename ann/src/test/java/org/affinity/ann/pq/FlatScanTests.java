/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import com.carrotsearch.randomizedtesting.annotations.Seed;
import com.carrotsearch.randomizedtesting.annotations.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.affinity.ann.scan.CodeScan;
import org.affinity.ann.scan.VisitCount;
import org.affinity.quantization.DistanceTable;
import org.affinity.quantization.Metric;
import org.affinity.quantization.PqParameters;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.ProductQuantizerTrainer;
import org.affinity.quantization.VectorEncoder;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.util.FixedBitSet;

/** The oracle is the float table over all records. */
public class FlatScanTests extends LuceneTestCase {

  private static final int DIMENSION = 16;
  private static final int COUNT = 3000;

  public void testFindsWhatTheFloatTableFinds() throws IOException {
    for (Metric metric : Metric.values()) {
      // Lengths over up to six decades: a byte table on one scale for all would see only the long.
      for (double spread : new double[] {0, 1, 3}) {
        check(metric, spread);
      }
    }
  }

  /**
   * One far centroid makes all entries of the byte table but a few alike, which the first selection
   * cannot see yet: of 6, 14 and 5 nearest 0, 3 and 0 were found.
   */
  @Seeds({@Seed("805E8CA960A5DF1B"), @Seed("DF37C5DBB363565F"), @Seed("1A8A1806E4B955FD")})
  public void testTableThatGrowsTooCoarse() throws IOException {
    testFindsWhatTheFloatTableFinds();
  }

  private static void check(Metric metric, double spread) throws IOException {
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      vectors.add(vector(spread));
    }
    PqParameters parameters = new PqParameters(DIMENSION, 4, random().nextBoolean() ? 8 : 6);
    ProductQuantizer quantizer = new ProductQuantizerTrainer(parameters, metric, 1).train(vectors);
    float[] weights = {Float.POSITIVE_INFINITY, 0};
    byte[] records = encode(quantizer, vectors, weights);
    FixedBitSet accepted = null;
    if (random().nextBoolean()) {
      accepted = new FixedBitSet(COUNT);
      for (int i = 0; i < COUNT; i++) {
        if (random().nextInt(3) > 0) {
          accepted.set(i);
        }
      }
    }
    try (Directory directory =
        random().nextBoolean() ? new ByteBuffersDirectory() : new MMapDirectory(createTempDir())) {
      try (IndexOutput out = directory.createOutput("codes", IOContext.DEFAULT)) {
        BlockWriter writer = new BlockWriter(quantizer, out);
        int length = quantizer.recordLength();
        for (int i = 0; i < COUNT; i++) {
          writer.add(Arrays.copyOfRange(records, i * length, (i + 1) * length));
        }
        writer.finish();
      }
      for (int round = 0; round < 5; round++) {
        float[] query = vector(spread);
        int capacity = 10 + random().nextInt(150);
        try (IndexInput codes = directory.openInput("codes", IOContext.DEFAULT)) {
          FlatCursor blocks = new FlatCursor(codes, quantizer);
          VisitCount visits = new VisitCount(new TopKnnCollector(1, Integer.MAX_VALUE));
          CodeScan scan =
              new CodeScan(
                  quantizer, query, weights[0], weights[1], capacity, blocks, accepted, visits);
          for (int block = 0; block * 128 < COUNT; block++) {
            blocks.go(block);
            scan.scan(Math.min(128, COUNT - block * 128));
          }
          check(metric + " " + spread, quantizer, query, records, accepted, capacity, scan);
        }
      }
    }
  }

  private static void check(
      String name,
      ProductQuantizer quantizer,
      float[] query,
      byte[] records,
      FixedBitSet accepted,
      int capacity,
      CodeScan scan)
      throws IOException {
    DistanceTable table = quantizer.bind(query);
    int[] expected =
        IntStream.range(0, COUNT)
            .filter(ord -> accepted == null || accepted.get(ord))
            .boxed()
            .sorted(
                Comparator.comparingDouble(
                    ord -> -table.score(records, ord * quantizer.recordLength())))
            .limit(capacity)
            .mapToInt(ord -> ord)
            .toArray();
    List<Integer> found = new ArrayList<>();
    for (int ord : scan.bestFirst()) {
      assertTrue(name, accepted == null || accepted.get(ord));
      assertFalse(name, found.contains(ord));
      found.add(ord);
    }
    assertEquals(name, expected.length, found.size());
    // What is kept is compared by raw vectors next; of that the better part must be there.
    int better = Math.max(1, expected.length / 10);
    float last = table.score(records, expected[better - 1] * quantizer.recordLength());
    long right =
        found.stream()
            .filter(ord -> table.score(records, ord * quantizer.recordLength()) >= last)
            .count();
    assertTrue(name + ": " + right + " of " + better, right >= better - better / 10);
  }

  private static byte[] encode(ProductQuantizer quantizer, List<float[]> vectors, float[] weights) {
    int length = quantizer.recordLength();
    int codeLength = quantizer.parameters().codeLength();
    byte[] records = new byte[vectors.size() * length];
    VectorEncoder encoder = quantizer.encoder();
    for (int i = 0; i < vectors.size(); i++) {
      encoder.encode(vectors.get(i), records, i * length);
      int at = i * length + codeLength;
      float weight =
          length == codeLength
              ? 1
              : ProductQuantizer.weight((records[at] & 0xFF) | (records[at + 1] << 8));
      weights[0] = Math.min(weights[0], weight);
      weights[1] = Math.max(weights[1], weight);
    }
    return records;
  }

  private static float[] vector(double spread) {
    float[] vector = new float[DIMENSION];
    double scale = Math.exp(spread * random().nextGaussian());
    for (int d = 0; d < DIMENSION; d++) {
      vector[d] = (float) (scale * random().nextGaussian());
    }
    return vector;
  }
}
