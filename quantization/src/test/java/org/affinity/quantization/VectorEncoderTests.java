/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static org.affinity.quantization.TestQuantizers.assertRefused;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import java.util.Arrays;
import java.util.List;
import org.affinity.quantization.TestQuantizers.Kind;
import org.affinity.quantization.simd.BlockLayout;
import org.junit.Test;

/** Records against brute force over all centroids. */
public class VectorEncoderTests extends RandomizedTest {

  private static Kind plain(PqParameters parameters) {
    return new Kind(Metric.L2, Estimator.PLAIN, parameters);
  }

  /** Whether no centroid of a code is nearer to y, in the dimensions the code is about. */
  private static void assertNearest(Codebook codebook, int code, int chosen, float[] y) {
    float[] centroid = codebook.centroid(code, chosen);
    double reached = distance(codebook, code, centroid, y);
    for (int c = 0; c < codebook.parameters().centroids(); c++) {
      double other = distance(codebook, code, codebook.centroid(code, c), y);
      assertTrue("centroid " + c + " is nearer", reached <= other + 1e-4 * (1 + other));
    }
  }

  private static double distance(Codebook codebook, int code, float[] centroid, float[] y) {
    boolean residual =
        codebook.centroids().length
            > codebook.parameters().dimension() * codebook.parameters().centroids();
    PqParameters split = Codebook.split(codebook.parameters(), residual);
    int s = residual ? code - 1 : code;
    double sum = 0;
    for (int d = s < 0 ? 0 : split.offset(s); d < (s < 0 ? y.length : split.offset(s + 1)); d++) {
      double difference = (double) y[d] - centroid[d];
      sum += difference * difference;
    }
    return sum;
  }

  @Test
  public void testEveryCodeIsTheNearestCentroid() {
    for (int bits : TestQuantizers.BITS) {
      for (int i = 0; i < 30; i++) {
        int dimension = randomIntBetween(1, 40);
        PqParameters parameters = new PqParameters(dimension, randomIntBetween(1, dimension), bits);
        ProductQuantizer quantizer = TestQuantizers.random(getRandom(), plain(parameters));
        float[] vector = TestVectors.gaussian(getRandom(), dimension, 2);
        byte[] record = TestQuantizers.encoded(quantizer, vector);
        float[] y = new float[dimension];
        quantizer.frame().projector().vector(vector, y);
        for (int s = 0; s < parameters.m(); s++) {
          int chosen = BlockLayout.centroid(record, 0, bits, s);
          assertNearest(quantizer.codebook(), s, chosen, y);
        }
      }
    }
  }

  @Test
  public void testResidualCodesAreNearestOfWhatIsLeft() {
    for (int i = 0; i < 30; i++) {
      int dimension = randomIntBetween(2, 40);
      PqParameters parameters = new PqParameters(dimension, randomIntBetween(2, dimension));
      Estimator estimator = new Estimator(randomBoolean(), false, true, true);
      ProductQuantizer quantizer =
          TestQuantizers.random(getRandom(), new Kind(Metric.COSINE, estimator, parameters));
      float[] vector = TestVectors.gaussian(getRandom(), dimension);
      byte[] record = TestQuantizers.encoded(quantizer, vector);
      float[] y = new float[dimension];
      quantizer.frame().projector().vector(vector, y);
      assertNearest(quantizer.codebook(), 0, record[0] & 0xFF, y);
      float[] whole = quantizer.codebook().centroid(0, record[0] & 0xFF);
      for (int d = 0; d < dimension; d++) {
        y[d] -= whole[d];
      }
      for (int code = 1; code < parameters.m(); code++) {
        assertNearest(quantizer.codebook(), code, record[code] & 0xFF, y);
      }
    }
  }

  @Test
  public void testOfEqualCentroidsTheLowestIsNamed() {
    PqParameters parameters = new PqParameters(2, 2, 4);
    ProductQuantizer quantizer =
        new ProductQuantizer(
            new Frame(Metric.L2, new float[2], null),
            new Codebook(parameters, false, new float[32]),
            Estimator.PLAIN,
            new Training(1, new ReconstructionError(0, 0), List.of()));
    assertArrayEquals(new byte[1], TestQuantizers.encoded(quantizer, new float[] {3, -1}));
  }

  @Test
  public void testDecodeAddsUpCentroidsAndMean() {
    for (Kind kind : TestQuantizers.kinds(7, 3)) {
      ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
      byte[] record = TestQuantizers.records(getRandom(), quantizer, 1);
      float[] y = new float[7];
      for (int code = 0; code < 3; code++) {
        int c = BlockLayout.centroid(record, 0, kind.parameters().bits(), code);
        float[] centroid = quantizer.codebook().centroid(code, c);
        for (int d = 0; d < 7; d++) {
          y[d] += centroid[d];
        }
      }
      float[] x = new float[7];
      float weight = TestQuantizers.weight(quantizer, record, 0);
      quantizer.frame().restore(TestVectors.times(y, weight), x);
      assertArrayEquals(x, TestQuantizers.decoded(quantizer, record, 0), 1e-4f * (1 + weight));
    }
  }

  @Test
  public void testWritesItsRecordOnly() {
    for (Kind kind : TestQuantizers.kinds(9, 5)) {
      ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
      float[] vector = TestVectors.gaussian(getRandom(), 9);
      int length = quantizer.recordLength();
      byte[] records = new byte[length + 7];
      Arrays.fill(records, (byte) 77);
      quantizer.encoder().encode(vector, records, 4);
      for (int i = 0; i < records.length; i++) {
        assertTrue((i >= 4 && i < length + 4) || records[i] == 77);
      }
      assertArrayEquals(
          TestQuantizers.encoded(quantizer, vector), Arrays.copyOfRange(records, 4, length + 4));
    }
  }

  @Test
  public void testVectorsAreNotChanged() {
    for (Kind kind : TestQuantizers.kinds(9, 5)) {
      ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
      float[] vector = TestVectors.gaussian(getRandom(), 9);
      float[] copy = vector.clone();
      TestQuantizers.encoded(quantizer, vector);
      quantizer.bind(vector);
      assertArrayEquals(copy, vector, 0);
    }
  }

  @Test
  public void testAnEncoderMayBeUsedAgain() {
    for (Kind kind : TestQuantizers.kinds(9, 5)) {
      ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
      VectorEncoder encoder = quantizer.encoder();
      byte[] record = new byte[quantizer.recordLength()];
      for (float scale : new float[] {1, 1e37f, 0, 1e-10f, 3}) {
        float[] vector = TestVectors.times(TestVectors.gaussian(getRandom(), 9), scale);
        encoder.encode(vector, record, 0);
        assertArrayEquals(TestQuantizers.encoded(quantizer, vector), record);
      }
    }
  }

  @Test
  public void testTheScalarMakesTheProductWithTheVectorItselfRight() {
    for (Kind kind : TestQuantizers.kinds(12, 4)) {
      if (!kind.estimator().scalar()) {
        continue;
      }
      ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
      float[] vector = TestVectors.gaussian(getRandom(), 12, 3);
      byte[] record = TestQuantizers.encoded(quantizer, vector);
      float weight = TestQuantizers.weight(quantizer, record, 0);
      float[] y = new float[12];
      quantizer.frame().projector().vector(vector, y);
      float[] decoded = new float[12];
      quantizer.codebook().decode(record, 0, decoded);
      double product = TestVectors.dot(y, decoded);
      double largest = kind.estimator().direction() ? 4 * TestVectors.norm(vector) : 4;
      double expected = VectorMath.squaredNorm(y) / product;
      if (product > 0 && expected < largest) {
        assertEquals(expected, weight, 0.01 * expected);
      }
    }
  }

  @Test
  public void testADirectionKeepsTheLength() {
    Estimator estimator = new Estimator(randomBoolean(), true, false, false);
    Kind kind = new Kind(Metric.INNER_PRODUCT, estimator, new PqParameters(12, 4, 4));
    ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
    float[] vector = TestVectors.gaussian(getRandom(), 12, 100);
    byte[] record = TestQuantizers.encoded(quantizer, vector);
    double norm = TestVectors.norm(vector);
    assertEquals(norm, TestQuantizers.weight(quantizer, record, 0), norm / 256);
    byte[] twice = TestQuantizers.encoded(quantizer, TestVectors.times(vector, 2));
    assertArrayEquals(Arrays.copyOf(record, 2), Arrays.copyOf(twice, 2));
  }

  @Test
  public void testHugeButFiniteVectorsGiveFiniteScores() {
    for (Kind kind : TestQuantizers.kinds(9, 5)) {
      ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
      for (float size : new float[] {1e17f, 1e20f, 1e37f, Float.MAX_VALUE}) {
        float[] vector = new float[9];
        for (int d = 0; d < 9; d++) {
          vector[d] = randomBoolean() ? size : -size;
        }
        byte[] record = TestQuantizers.encoded(quantizer, vector);
        for (float value : TestQuantizers.decoded(quantizer, record, 0)) {
          assertTrue(Float.isFinite(value));
        }
        float[] query = TestVectors.gaussian(getRandom(), 9);
        assertTrue(Float.isFinite(quantizer.bind(query).score(record, 0)));
        Arrays.fill(query, 1e17f);
        assertTrue(Float.isFinite(quantizer.bind(query).score(record, 0)));
      }
    }
  }

  @Test
  public void testHugeVectorsKeepTheirDirection() {
    Kind kind = new Kind(Metric.COSINE, Estimator.PLAIN, new PqParameters(9, 9, 8));
    ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
    float[] vector = TestVectors.gaussian(getRandom(), 9);
    assertArrayEquals(
        TestQuantizers.encoded(quantizer, vector),
        TestQuantizers.encoded(quantizer, TestVectors.times(vector, 0x1p100)));
  }

  @Test
  public void testBadVectorsAreRefusedInWords() {
    ProductQuantizer quantizer =
        TestQuantizers.random(getRandom(), plain(new PqParameters(4, 2, 4)));
    VectorEncoder encoder = quantizer.encoder();
    byte[] record = new byte[1];
    assertRefused(
        "dimension 3, the quantizer has 4", () -> encoder.encode(new float[3], record, 0));
    float[] bad = new float[4];
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      bad[2] = value;
      assertRefused("holds " + value + " at 2", () -> encoder.encode(bad, record, 0));
    }
  }
}
