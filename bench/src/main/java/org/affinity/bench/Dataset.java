/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.affinity.ann.search.VectorSpace;

/**
 * Vectors to index, queries, and what the right answers score.
 *
 * @param kthScores by query, the exact score of the k-th best vector: a hit that scores as much is
 *     right, so ties count
 */
record Dataset(
    String name, VectorSpace space, List<float[]> base, List<float[]> queries, float[] kthScores) {

  /** Computes the truth by comparing every query with every vector. */
  static Dataset of(
      String name, VectorSpace space, List<float[]> base, List<float[]> queries, int k) {
    float[] kth = new float[queries.size()];
    IntStream.range(0, kth.length)
        .parallel()
        .forEach(
            q -> {
              float[] scores = new float[base.size()];
              for (int i = 0; i < scores.length; i++) {
                scores[i] = space.score(space.signal(queries.get(q), base.get(i)));
              }
              Arrays.sort(scores);
              kth[q] = scores[Math.max(0, scores.length - k)];
            });
    return new Dataset(name, space, base, queries, kth);
  }

  /** Clusters of unit Gaussians around Gaussian centres, reproducible from the seed. */
  static Dataset generated(int size, int dimension, int queries, int k, long seed) {
    Random random = new Random(seed);
    List<float[]> centres =
        gaussians(random, Collections.nCopies(Math.max(1, size / 200), null), dimension);
    List<float[]> of = new ArrayList<>();
    for (int i = 0; i < size + queries; i++) {
      of.add(centres.get(random.nextInt(centres.size())));
    }
    List<float[]> all = gaussians(random, of, dimension);
    return of(
        "generated-" + size + "x" + dimension,
        VectorSpace.L2,
        all.subList(0, size),
        all.subList(size, all.size()),
        k);
  }

  private static List<float[]> gaussians(Random random, List<float[]> centres, int dimension) {
    List<float[]> vectors = new ArrayList<>();
    for (float[] centre : centres) {
      float[] vector = new float[dimension];
      for (int d = 0; d < dimension; d++) {
        vector[d] = (float) random.nextGaussian() + (centre == null ? 0 : 2 * centre[d]);
      }
      vectors.add(vector);
    }
    return vectors;
  }
}
