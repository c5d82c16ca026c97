/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Trains a {@link ProductQuantizer} on a sample: k-means in every subspace on its own. The same
 * parameters, sample (in the same order) and seed give the same codebook.
 *
 * <p>Cost for n vectors: about {@code n · dimension · 256 · 12} multiply-adds.
 */
public final class ProductQuantizerTrainer {

  /** A sample larger than this teaches little more: 64 points per centroid. */
  public static final int MAXIMUM_SAMPLE = 64 * ProductQuantizer.CENTROIDS;

  private final PqParameters parameters;
  private final long seed;

  public ProductQuantizerTrainer(PqParameters parameters, long seed) {
    this.parameters = parameters;
    this.seed = seed;
  }

  /**
   * @param sample at least one vector of the quantizer's dimension; not changed
   * @throws IllegalArgumentException for an empty sample or a vector of another dimension
   */
  public ProductQuantizer train(List<float[]> sample) {
    if (sample.isEmpty()) {
      throw new IllegalArgumentException("a product quantizer needs at least one training vector");
    }
    for (float[] vector : sample) {
      if (vector.length != parameters.dimension()) {
        throw new IllegalArgumentException(
            "training vector of dimension "
                + vector.length
                + ", expected "
                + parameters.dimension());
      }
    }
    SplittableRandom random = new SplittableRandom(seed);
    float[] centroids = new float[parameters.dimension() * ProductQuantizer.CENTROIDS];
    for (int s = 0; s < parameters.m(); s++) {
      float[] subspace = subspace(sample, parameters.offset(s), parameters.size(s));
      float[] trained =
          new KMeans(subspace, sample.size(), parameters.size(s), random.split()).run();
      System.arraycopy(
          trained, 0, centroids, parameters.offset(s) * ProductQuantizer.CENTROIDS, trained.length);
    }
    return new ProductQuantizer(parameters, centroids);
  }

  private static float[] subspace(List<float[]> sample, int offset, int size) {
    float[] points = new float[sample.size() * size];
    int i = 0;
    for (float[] vector : sample) {
      System.arraycopy(vector, offset, points, i * size, size);
      i++;
    }
    return points;
  }
}
