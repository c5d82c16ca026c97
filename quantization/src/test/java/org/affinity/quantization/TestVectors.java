/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Vectors to test with, and their products in double precision. */
final class TestVectors {

  private TestVectors() {}

  static float[] gaussian(Random random, int dimension) {
    return gaussian(random, dimension, 1);
  }

  static float[] gaussian(Random random, int dimension, double scale) {
    float[] vector = new float[dimension];
    for (int d = 0; d < dimension; d++) {
      vector[d] = (float) (random.nextGaussian() * scale);
    }
    return vector;
  }

  static List<float[]> gaussians(Random random, int dimension, int count) {
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      vectors.add(gaussian(random, dimension));
    }
    return vectors;
  }

  /** Values of which a few are hundreds of times as large as most. */
  static float[] heavyTailed(Random random, int dimension, double scale) {
    float[] vector = new float[dimension];
    for (int d = 0; d < dimension; d++) {
      double value = random.nextGaussian();
      vector[d] = (float) (value * value * value * value * value * scale);
    }
    return vector;
  }

  /** Each dimension repeats one of {@code latent} hidden ones, with a little noise. */
  static List<float[]> correlated(Random random, int dimension, int latent, int count) {
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] hidden = gaussian(random, latent);
      float[] vector = gaussian(random, dimension, 0.1);
      for (int d = 0; d < dimension; d++) {
        vector[d] += hidden[d % latent];
      }
      vectors.add(vector);
    }
    return vectors;
  }

  /** Directions at random, lengths over two decades. */
  static List<float[]> ofManyLengths(Random random, int dimension, int count) {
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] vector = VectorMath.normalized(gaussian(random, dimension));
      vectors.add(times(vector, Math.pow(10, 2 * random.nextDouble())));
    }
    return vectors;
  }

  static float[] times(float[] vector, double factor) {
    float[] product = new float[vector.length];
    for (int d = 0; d < product.length; d++) {
      product[d] = (float) (vector[d] * factor);
    }
    return product;
  }

  static List<float[]> shifted(List<float[]> vectors, float by) {
    List<float[]> shifted = new ArrayList<>();
    for (float[] vector : vectors) {
      float[] moved = vector.clone();
      for (int d = 0; d < moved.length; d++) {
        moved[d] += by;
      }
      shifted.add(moved);
    }
    return shifted;
  }

  static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += (double) a[d] * b[d];
    }
    return sum;
  }

  static double norm(float[] vector) {
    return Math.sqrt(VectorMath.squaredNorm(vector));
  }
}
