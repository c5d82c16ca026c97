/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.affinity.ann.search.VectorSpace;

/**
 * Vectors of one fixed distribution, so that a set of more vectors is the smaller set and more:
 * {@value #CENTRES} clusters, drawn with weights that fall like 1/rank^{1/2}, around Gaussian
 * centres; both spread along decaying axes (standard deviation 1/sqrt(axis)), then turned by random
 * signs and a Hadamard matrix, so that no coordinate is special.
 */
record GeneratedSet(int size, int dimension) {

  static final long SEED = 42;
  private static final int CENTRES = 4096;
  private static final double SPREAD = 0.5;
  private static final int QUERIES = 1000;
  private static final Pattern NAME = Pattern.compile("clustered-(\\d+)x(\\d+)");

  GeneratedSet {
    if (size < QUERIES || size > 100_000_000) {
      throw new IllegalArgumentException(
          "a clustered set has between " + QUERIES + " and 100000000 vectors, got " + size);
    }
    if (dimension < 2 || dimension > 1024 || Integer.bitCount(dimension) != 1) {
      throw new IllegalArgumentException(
          "a clustered set's dimension is a power of two from 2 to 1024, got " + dimension);
    }
  }

  /** Parses {@code clustered-SIZExDIMENSION}; null if it is another name. */
  static GeneratedSet parse(String name) {
    Matcher matcher = NAME.matcher(name);
    try {
      return matcher.matches()
          ? new GeneratedSet(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))
          : null;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("too large: " + name, e);
    }
  }

  String name() {
    return "clustered-" + size + "x" + dimension;
  }

  VectorSet load(Path folder) throws IOException {
    Path base = folder.resolve("base.f32");
    Path queries = folder.resolve("queries.f32");
    if (Files.notExists(base) || Files.notExists(queries)) {
      Turn turn = new Turn(dimension);
      float[][] centres = new float[CENTRES][];
      for (int i = 0; i < CENTRES; i++) {
        centres[i] = gaussian(new SplittableRandom(SEED + 0x9E3779B97F4A7C15L * (i + 1)), 1);
      }
      try (Progress progress = new Progress("generate " + name(), size)) {
        VectorFile.write(base, out -> write(out, 0, size, centres, turn, progress));
      }
      // Queries come from beyond any base set, so they are the same whatever its size.
      VectorFile.write(queries, out -> write(out, 1L << 40, QUERIES, centres, turn, Progress.NONE));
    }
    return new VectorSet(
        name(),
        VectorSpace.L2,
        Vectors.map(base, dimension),
        Vectors.map(queries, dimension),
        Math.max(1, dimension / 4),
        null,
        folder);
  }

  private void write(
      OutputStream out, long first, int count, float[][] centres, Turn turn, Progress progress)
      throws IOException {
    ByteBuffer row = ByteBuffer.allocate(dimension * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (long i = first; i < first + count; i++) {
      SplittableRandom random = new SplittableRandom(SEED ^ 0xBF58476D1CE4E5B9L * (i + 1));
      double uniform = random.nextDouble();
      float[] centre = centres[(int) (uniform * uniform * CENTRES)];
      float[] vector = gaussian(random, SPREAD);
      for (int d = 0; d < dimension; d++) {
        vector[d] += centre[d];
      }
      turn.apply(vector);
      row.clear();
      row.asFloatBuffer().put(vector);
      out.write(row.array());
      progress.step();
    }
  }

  private float[] gaussian(SplittableRandom random, double scale) {
    float[] vector = new float[dimension];
    for (int d = 0; d < dimension; d++) {
      vector[d] = (float) (scale * random.nextGaussian() / Math.sqrt(d + 1));
    }
    return vector;
  }

  /** Random signs, then a Hadamard matrix: orthogonal but for its scale. */
  private static final class Turn {
    private final float[] signs;

    Turn(int dimension) {
      SplittableRandom random = new SplittableRandom(SEED);
      signs = new float[dimension];
      for (int d = 0; d < dimension; d++) {
        signs[d] = (float) ((random.nextBoolean() ? 1 : -1) / Math.sqrt(dimension));
      }
    }

    void apply(float[] vector) {
      for (int d = 0; d < vector.length; d++) {
        vector[d] *= signs[d];
      }
      for (int half = 1; half < vector.length; half *= 2) {
        for (int start = 0; start < vector.length; start += 2 * half) {
          for (int d = start; d < start + half; d++) {
            float a = vector[d];
            float b = vector[d + half];
            vector[d] = a + b;
            vector[d + half] = a - b;
          }
        }
      }
    }
  }
}
