/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;

/**
 * User and item factors of a ratings matrix by truncated SVD (randomized subspace iteration: N.
 * Halko, P.-G. Martinsson, J. Tropp, SIAM Review 53(2), 2011). The singular values go to the items,
 * so their norms differ by orders of magnitude, as popularity does: the hard case for codes under
 * inner product.
 *
 * @param users unit-scaled left factors, those of users with at least ten ratings first
 * @param items right factors times singular values
 */
record RatingFactors(List<float[]> users, List<float[]> items) {

  private static final int ITERATIONS = 6;

  /** Reads MovieTweetings' {@code user::movie::rating::time} and factors it. */
  static RatingFactors ofMovieTweetings(Path file, int dimension, long seed) throws IOException {
    Map<String, Integer> userNumbers = new HashMap<>();
    Map<String, Integer> itemNumbers = new HashMap<>();
    List<int[]> ratings = new ArrayList<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] parts = line.split("::", -1);
        ratings.add(
            new int[] {
              userNumbers.computeIfAbsent(parts[0], key -> userNumbers.size()),
              itemNumbers.computeIfAbsent(parts[1], key -> itemNumbers.size()),
              Integer.parseInt(parts[2])
            });
      }
    }
    return of(ratings, userNumbers.size(), itemNumbers.size(), dimension, seed);
  }

  private static RatingFactors of(
      List<int[]> ratings, int users, int items, int dimension, long seed) {
    Random random = new Random(seed);
    double[][] basis = new double[items][dimension];
    for (double[] row : basis) {
      for (int d = 0; d < dimension; d++) {
        row[d] = random.nextGaussian();
      }
    }
    double[][] left = null;
    for (int i = 0; i < ITERATIONS; i++) {
      left = multiply(ratings, 0, users, basis, dimension);
      orthonormalize(left, dimension);
      basis = multiply(ratings, 1, items, left, dimension);
      if (i + 1 < ITERATIONS) {
        orthonormalize(basis, dimension);
      }
    }
    int[] counts = new int[users];
    for (int[] rating : ratings) {
      counts[rating[0]]++;
    }
    List<float[]> active = new ArrayList<>();
    for (int u = 0; u < users; u++) {
      if (counts[u] >= 10) {
        active.add(unit(left[u]));
      }
    }
    List<float[]> vectors = new ArrayList<>();
    for (double[] row : basis) {
      vectors.add(floats(row, 1));
    }
    return new RatingFactors(active, vectors);
  }

  /** The ratings (or their transpose, for {@code side} 1) times a matrix. */
  private static double[][] multiply(
      List<int[]> ratings, int side, int rows, double[][] by, int dimension) {
    double[][] product = new double[rows][dimension];
    for (int[] rating : ratings) {
      double[] to = product[rating[side]];
      double[] from = by[rating[1 - side]];
      for (int d = 0; d < dimension; d++) {
        to[d] += rating[2] * from[d];
      }
    }
    return product;
  }

  /** Modified Gram-Schmidt on the columns. */
  private static void orthonormalize(double[][] matrix, int dimension) {
    for (int column = 0; column < dimension; column++) {
      double norm = 0;
      for (double[] row : matrix) {
        norm += row[column] * row[column];
      }
      norm = Math.sqrt(norm);
      double[] products = new double[dimension];
      for (double[] row : matrix) {
        row[column] /= norm;
        for (int other = column + 1; other < dimension; other++) {
          products[other] += row[column] * row[other];
        }
      }
      for (double[] row : matrix) {
        for (int other = column + 1; other < dimension; other++) {
          row[other] -= products[other] * row[column];
        }
      }
    }
  }

  private static float[] unit(double[] row) {
    double square = 0;
    for (double value : row) {
      square += value * value;
    }
    return floats(row, square == 0 ? 1 : 1 / Math.sqrt(square));
  }

  private static float[] floats(double[] row, double scale) {
    float[] floats = new float[row.length];
    for (int d = 0; d < floats.length; d++) {
      floats[d] = (float) (row[d] * scale);
    }
    return floats;
  }
}
