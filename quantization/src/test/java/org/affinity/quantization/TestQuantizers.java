/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.affinity.quantization.simd.BlockLayout;
import org.junit.function.ThrowingRunnable;

/** Quantizers that nobody trained: what they compute must be right for any centroids. */
final class TestQuantizers {

  static final int[] BITS = {4, 6, 8};

  private TestQuantizers() {}

  /** A metric, an estimator it admits and a shape. */
  record Kind(Metric metric, Estimator estimator, PqParameters parameters) {}

  /** What a test does with one of all kinds. */
  interface Check {
    void check(Kind kind);
  }

  /** Every metric with every number of bits and every estimator that these admit. */
  static void forAll(int dimension, int m, Check check) {
    for (Metric metric : Metric.values()) {
      for (int bits : BITS) {
        PqParameters parameters = new PqParameters(dimension, m, bits);
        for (Estimator estimator : Estimator.candidates(metric, parameters)) {
          check.check(new Kind(metric, estimator, parameters));
        }
      }
    }
  }

  static ProductQuantizer random(Random random, Kind kind) {
    return random(random, kind, 1, false);
  }

  /**
   * Random centroids, mean and rotation.
   *
   * @param scale of their values
   * @param heavyTailed whether a few values are hundreds of times as large as most
   */
  static ProductQuantizer random(Random random, Kind kind, double scale, boolean heavyTailed) {
    int dimension = kind.parameters().dimension();
    Estimator estimator = kind.estimator();
    int length = Codebook.length(kind.parameters(), estimator.residual());
    float[] centroids =
        heavyTailed
            ? TestVectors.heavyTailed(random, length, scale)
            : TestVectors.gaussian(random, length, scale);
    Frame frame =
        estimator.direction()
            ? Frame.ofDirections(dimension)
            : new Frame(kind.metric(), TestVectors.gaussian(random, dimension, scale), null);
    if (estimator.rotated()) {
      List<float[]> sample = TestVectors.gaussians(random, dimension, dimension + 5);
      PqParameters split = Codebook.split(kind.parameters(), estimator.residual());
      frame = frame.turned(Rotation.Axes.of(sample).balanced(split));
    }
    Training training = new Training(1, new ReconstructionError(1, 1), List.of());
    return new ProductQuantizer(
        frame,
        new Codebook(kind.parameters(), estimator.residual(), centroids),
        estimator,
        training);
  }

  /** {@code count} random records, one behind the other, with weights between 0.1 and 10. */
  static byte[] records(Random random, ProductQuantizer quantizer, int count) {
    PqParameters parameters = quantizer.parameters();
    byte[] records = new byte[count * quantizer.recordLength()];
    for (int i = 0; i < count; i++) {
      int offset = i * quantizer.recordLength();
      for (int s = 0; s < parameters.m(); s++) {
        int c = random.nextInt(parameters.centroids());
        BlockLayout.setCentroid(records, offset, parameters.bits(), s, c);
      }
      if (quantizer.estimator().weighted()) {
        float weight = (float) Math.pow(10, 2 * random.nextDouble() - 1);
        Weight.write(weight, records, offset + parameters.codeLength());
      }
    }
    return records;
  }

  /** The weight of a record, 1 where there is none. */
  static float weight(ProductQuantizer quantizer, byte[] records, int offset) {
    return quantizer.estimator().weighted()
        ? Weight.read(records, offset + quantizer.parameters().codeLength())
        : 1;
  }

  static float[] decoded(ProductQuantizer quantizer, byte[] records, int offset) {
    float[] vector = new float[quantizer.parameters().dimension()];
    quantizer.decode(records, offset, vector);
    return vector;
  }

  static byte[] encoded(ProductQuantizer quantizer, float[] vector) {
    byte[] record = new byte[quantizer.recordLength()];
    quantizer.encoder().encode(vector, record, 0);
    return record;
  }

  /** The mean of ‖x − decode(encode(x))‖². */
  static double error(ProductQuantizer quantizer, List<float[]> vectors) {
    double sum = 0;
    for (float[] vector : vectors) {
      float[] x =
          quantizer.metric() == Metric.COSINE ? VectorMath.normalized(vector) : vector.clone();
      sum += VectorMath.squaredDistance(x, decoded(quantizer, encoded(quantizer, vector), 0));
    }
    return sum / vectors.size();
  }

  /** What is documented for the score of a query and a decoded vector. */
  static double documentedScore(ProductQuantizer quantizer, float[] query, float[] decoded) {
    return switch (quantizer.metric()) {
      case INNER_PRODUCT -> TestVectors.dot(query, decoded);
      case COSINE -> {
        float[] unit = VectorMath.normalized(query);
        yield quantizer.estimator().weighted()
            ? TestVectors.dot(unit, decoded)
            : 1 - VectorMath.squaredDistance(unit, decoded) / 2;
      }
      case L2 -> -VectorMath.squaredDistance(query, decoded);
    };
  }

  /** What float32 may lose of a score. */
  static double tolerance(ProductQuantizer quantizer, float[] query, float[] decoded) {
    double lengths =
        TestVectors.norm(query)
            + TestVectors.norm(decoded)
            + TestVectors.norm(quantizer.frame().mean())
            + 1;
    return 4e-6 * lengths * lengths;
  }

  static List<Kind> kinds(int dimension, int m) {
    List<Kind> kinds = new ArrayList<>();
    forAll(dimension, m, kinds::add);
    return kinds;
  }

  static void assertRefused(String words, ThrowingRunnable action) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, action);
    assertTrue(e.getMessage(), e.getMessage().contains(words));
  }
}
