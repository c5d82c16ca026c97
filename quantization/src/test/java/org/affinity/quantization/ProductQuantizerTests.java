/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.Test;

public class ProductQuantizerTests extends RandomizedTest {

  @Test
  public void testEncodeThenDecodeIsNearestCentroidInEverySubspace() {
    PqParameters parameters = randomParameters();
    ProductQuantizer quantizer = train(parameters, 700);
    float[] vector = randomVector(parameters.dimension());
    byte[] code = new byte[parameters.m() + 3];
    quantizer.encode(vector, code, 2);
    float[] decoded = new float[parameters.dimension()];
    quantizer.decode(code, 2, decoded);

    float[] centroids = quantizer.centroids();
    for (int s = 0; s < parameters.m(); s++) {
      double nearest = Double.POSITIVE_INFINITY;
      for (int c = 0; c < ProductQuantizer.CENTROIDS; c++) {
        double distance = 0;
        for (int row = parameters.offset(s); row < parameters.offset(s + 1); row++) {
          double d = vector[row] - centroids[row * ProductQuantizer.CENTROIDS + c];
          distance += d * d;
        }
        nearest = Math.min(nearest, distance);
      }
      double reached = 0;
      for (int row = parameters.offset(s); row < parameters.offset(s + 1); row++) {
        double d = vector[row] - decoded[row];
        reached += d * d;
      }
      assertEquals(nearest, reached, 1e-4 * (1 + nearest));
    }
    assertEquals("bytes before the code are untouched", 0, code[0] | code[1]);
    assertEquals("bytes behind the code are untouched", 0, code[parameters.m() + 2]);
  }

  @Test
  public void testTablesEqualDistancesToTheDecodedVector() {
    PqParameters parameters = randomParameters();
    ProductQuantizer quantizer = train(parameters, 600);
    float[] query = randomVector(parameters.dimension());
    DistanceTable products = quantizer.innerProducts(query);
    DistanceTable distances = quantizer.squaredDistances(query);
    byte[] code = new byte[parameters.m()];
    float[] decoded = new float[parameters.dimension()];
    for (int i = 0; i < 50; i++) {
      quantizer.encode(randomVector(parameters.dimension()), code, 0);
      quantizer.decode(code, 0, decoded);
      double product = 0;
      for (int d = 0; d < decoded.length; d++) {
        product += (double) query[d] * decoded[d];
      }
      double distance = VectorMath.squaredDistance(query, decoded);
      assertEquals(product, products.sum(code, 0), 1e-3 * (1 + Math.abs(product)));
      assertEquals(distance, distances.sum(code, 0), 1e-3 * (1 + distance));
    }
  }

  @Test
  public void testDimensionsThatMDoesNotDivideAreSplitEvenly() {
    PqParameters parameters = new PqParameters(10, 4);
    assertEquals(3, parameters.size(0));
    assertEquals(3, parameters.size(1));
    assertEquals(2, parameters.size(2));
    assertEquals(2, parameters.size(3));
    assertEquals(10, parameters.offset(4));
    for (int i = 0; i < 100; i++) {
      PqParameters random = randomParameters();
      int sum = 0;
      for (int s = 0; s < random.m(); s++) {
        assertEquals(sum, random.offset(s));
        sum += random.size(s);
        assertTrue(random.size(s) >= random.size(random.m() - 1));
        assertTrue(random.size(s) <= random.size(random.m() - 1) + 1);
      }
      assertEquals(random.dimension(), sum);
    }
  }

  @Test
  public void testDefaultCompressionIsSixteenThenThirtyTwo() {
    assertEquals(16, PqParameters.forDimension(64).m());
    assertEquals(25, PqParameters.forDimension(100).m());
    assertEquals(48, PqParameters.forDimension(384).m());
    assertEquals(98, PqParameters.forDimension(784).m());
    assertEquals(1, PqParameters.forDimension(1).m());
  }

  @Test
  public void testSameSampleAndSeedGiveTheSameCodebook() {
    PqParameters parameters = new PqParameters(9, 2);
    List<float[]> sample = sample(9, 900);
    ProductQuantizer first = new ProductQuantizerTrainer(parameters, 7).train(sample);
    assertEquals(first, new ProductQuantizerTrainer(parameters, 7).train(sample));
    assertNotEquals(first, new ProductQuantizerTrainer(parameters, 8).train(sample));
  }

  @Test
  public void testFewDistinctPointsAreReproducedExactly() {
    PqParameters parameters = new PqParameters(6, 3);
    List<float[]> distinct = sample(6, 40);
    List<float[]> sample = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      sample.add(distinct.get(i % distinct.size()));
    }
    ProductQuantizer quantizer = new ProductQuantizerTrainer(parameters, 1).train(sample);
    assertEquals(0, ReconstructionError.of(quantizer, distinct).relative(), 1e-6);
  }

  @Test
  public void testTheLargestFloatsGiveAFiniteCodebook() {
    List<float[]> sample = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      sample.add(new float[] {Float.MAX_VALUE, -Float.MAX_VALUE, i % 2 == 0 ? Float.MAX_VALUE : 1});
    }
    // The constructor refuses a codebook that is not finite; there must be no need to.
    new ProductQuantizerTrainer(new PqParameters(3, 2), 1).train(sample);
  }

  @Test
  public void testFewerPointsThanCentroids() {
    PqParameters parameters = new PqParameters(5, 5);
    List<float[]> sample = sample(5, 3);
    ProductQuantizer quantizer = new ProductQuantizerTrainer(parameters, 1).train(sample);
    assertEquals(0, ReconstructionError.of(quantizer, sample).relative(), 1e-6);
  }

  @Test
  public void testMoreSubspacesLoseLess() {
    List<float[]> sample = sample(32, 3000);
    double previous = 1;
    for (int m : new int[] {2, 4, 8, 16, 32}) {
      ProductQuantizer quantizer =
          new ProductQuantizerTrainer(new PqParameters(32, m), 5).train(sample);
      double relative = ReconstructionError.of(quantizer, sample).relative();
      assertTrue(m + " subspaces lose " + relative + ", fewer " + previous, relative < previous);
      previous = relative;
    }
    assertTrue("a byte per dimension loses " + previous, previous < 1e-3);
  }

  @Test
  public void testKMeansUsesAllCentroidsOnSpreadPoints() {
    Random random = getRandom();
    float[] points = new float[4000 * 2];
    for (int i = 0; i < points.length; i++) {
      // Most points in one heap: the repair must move centroids to where the points are.
      points[i] = (float) (random.nextGaussian() * (i < 40 ? 100 : 1));
    }
    float[] centroids =
        new KMeans(points, 4000, 2, new java.util.SplittableRandom(random.nextLong())).run();
    List<String> distinct = new ArrayList<>();
    for (int c = 0; c < ProductQuantizer.CENTROIDS; c++) {
      String centroid = centroids[c] + "," + centroids[ProductQuantizer.CENTROIDS + c];
      if (!distinct.contains(centroid)) {
        distinct.add(centroid);
      }
    }
    assertEquals(ProductQuantizer.CENTROIDS, distinct.size());
  }

  @Test
  public void testBadInputIsRefusedInWords() {
    assertRefused("m must be between", () -> new PqParameters(8, 9));
    assertRefused("m must be between", () -> new PqParameters(8, 0));
    assertRefused("dimension must be", () -> new PqParameters(0, 1));
    PqParameters parameters = new PqParameters(4, 2);
    assertRefused(
        "at least one", () -> new ProductQuantizerTrainer(parameters, 1).train(List.of()));
    assertRefused(
        "expected 4",
        () -> new ProductQuantizerTrainer(parameters, 1).train(List.of(new float[3])));
    assertRefused("1024 values", () -> new ProductQuantizer(parameters, new float[9]));
    float[] centroids = new float[1024];
    centroids[77] = Float.NaN;
    assertRefused("not a finite number", () -> new ProductQuantizer(parameters, centroids));
  }

  private static void assertRefused(String words, org.junit.function.ThrowingRunnable action) {
    IllegalArgumentException e =
        org.junit.Assert.assertThrows(IllegalArgumentException.class, action);
    assertTrue(e.getMessage(), e.getMessage().contains(words));
  }

  private static PqParameters randomParameters() {
    int dimension = randomIntBetween(1, 40);
    return new PqParameters(dimension, randomIntBetween(1, dimension));
  }

  private static ProductQuantizer train(PqParameters parameters, int count) {
    return new ProductQuantizerTrainer(parameters, getRandom().nextLong())
        .train(sample(parameters.dimension(), count));
  }

  private static List<float[]> sample(int dimension, int count) {
    List<float[]> sample = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sample.add(randomVector(dimension));
    }
    return sample;
  }

  private static float[] randomVector(int dimension) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) getRandom().nextGaussian();
    }
    return vector;
  }
}
