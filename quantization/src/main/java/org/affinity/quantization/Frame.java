/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import java.util.Arrays;
import java.util.List;

/**
 * The coordinates that codes are in: vectors scaled to length 1 under {@link Metric#COSINE}, less
 * the mean, then turned by the rotation if there is one. Immutable and safe for use by any number
 * of threads.
 *
 * @param mean of the training sample, {@code [dimension]}
 * @param rotation null for none
 */
record Frame(Metric metric, float[] mean, Rotation rotation) {

  /** The frame around the mean of {@code sample}, without a rotation. */
  static Frame centred(Metric metric, List<float[]> sample) {
    int dimension = sample.get(0).length;
    double[] sums = new double[dimension];
    float[] unit = new float[dimension];
    for (float[] vector : sample) {
      float[] x = scaled(metric, vector, unit);
      for (int d = 0; d < dimension; d++) {
        sums[d] += x[d];
      }
    }
    float[] mean = new float[dimension];
    for (int d = 0; d < dimension; d++) {
      mean[d] = (float) (sums[d] / sample.size());
    }
    return new Frame(metric, mean, null);
  }

  /** The frame around zero, which directions are taken from. */
  static Frame ofDirections(int dimension) {
    return new Frame(Metric.INNER_PRODUCT, new float[dimension], null);
  }

  /** This frame with a rotation. */
  Frame turned(Rotation by) {
    return new Frame(metric, mean, by);
  }

  int dimension() {
    return mean.length;
  }

  /** {@code vector} as the metric sees it: itself, or scaled to length 1 in {@code unit}. */
  static float[] scaled(Metric metric, float[] vector, float[] unit) {
    if (metric != Metric.COSINE) {
      return vector;
    }
    VectorMath.normalize(vector, unit);
    return unit;
  }

  /** Turns vectors and queries to this frame's coordinates. For one thread. */
  final class Projector {
    private final float[] unit = new float[dimension()];
    private final float[] centred = new float[dimension()];
    private final float[] turned = new float[rotation == null ? 0 : rotation.block()];

    /** Writes a stored vector's coordinates to {@code y}. */
    void vector(float[] vector, float[] y) {
      float[] x = scaled(metric, vector, unit);
      for (int d = 0; d < centred.length; d++) {
        centred[d] = x[d] - mean[d];
      }
      turn(centred, y);
    }

    /**
     * Writes to {@code y} what products with coordinates of vectors are taken of: the query,
     * turned.
     *
     * @return ⟨q, μ⟩
     */
    float query(float[] query, float[] y) {
      float[] q = scaled(metric, query, unit);
      turn(q, y);
      return VectorMath.dot(q, mean);
    }

    private void turn(float[] x, float[] y) {
      if (rotation == null) {
        System.arraycopy(x, 0, y, 0, y.length);
      } else {
        rotation.apply(x, y, turned);
      }
    }
  }

  Projector projector() {
    return new Projector();
  }

  /** Writes the coordinates of a direction, to which no mean belongs. */
  void turn(float[] x, float[] y) {
    new Projector().turn(x, y);
  }

  /**
   * Writes the vector whose coordinates are {@code y} (under cosine, at its scale) to {@code x}.
   */
  void restore(float[] y, float[] x) {
    if (rotation == null) {
      System.arraycopy(y, 0, x, 0, x.length);
    } else {
      rotation.invert(y, x);
    }
    for (int d = 0; d < x.length; d++) {
      x[d] += mean[d];
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Frame that
        && metric == that.metric
        && Arrays.equals(mean, that.mean)
        && java.util.Objects.equals(rotation, that.rotation);
  }

  @Override
  public int hashCode() {
    return 31 * metric.hashCode() + Arrays.hashCode(mean);
  }
}
