/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.kernel;

import org.affinity.quantization.simd.Centroids;
import org.affinity.quantization.simd.KernelSelection;
import org.affinity.quantization.simd.Kernels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The nearest of 256 centroids: what training and encoding do. */
@State(Scope.Benchmark)
public class NearestBenchmark {

  private static final int POINTS = 1024;
  private static final int CENTROIDS = 256;

  @Param({"4", "8"})
  public int dimension;

  private final Kernels kernels = KernelSelection.best();
  private final int[] assignment = new int[POINTS];
  private final float[] minimum = new float[POINTS];
  private Centroids centroids;
  private float[] points;

  @Setup
  public void fill() {
    centroids =
        Centroids.transposed(Codes.floats(CENTROIDS * dimension, 1), 0, dimension, CENTROIDS);
    points = Codes.floats(POINTS * dimension, 2);
  }

  @Benchmark
  public int nearestOfMany() {
    kernels.nearest(points, 0, dimension, POINTS, centroids, assignment, 0, minimum);
    return assignment[0];
  }

  @Benchmark
  public int nearestOfOne() {
    int sum = 0;
    for (int i = 0; i < POINTS; i++) {
      sum += kernels.nearest(points, i * dimension, centroids);
    }
    return sum;
  }

  static Work work(Parameters parameters) {
    int dimension = parameters.number("dimension");
    return Work.reading("point", POINTS, 4.0 * POINTS * dimension, Level.L2)
        .computing(2.0 * POINTS * CENTROIDS * dimension);
  }
}
