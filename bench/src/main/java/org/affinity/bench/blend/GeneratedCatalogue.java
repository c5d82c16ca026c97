/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.blend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Documents of three fields, about 5, 4 and 40 words, their words drawn by Zipf's law (exponent 1)
 * from 100,000; vectors as factor models have them: a taste, one of 200 or a mixture, times a
 * length that differs as popularity does. Every document is made anew from its number.
 */
final class GeneratedCatalogue implements Catalogue {

  private static final long SEED = 20_260;
  private static final int VOCABULARY = 100_000;
  private static final int TASTES = 200;
  private static final int READERS = 200;

  private final int size;
  private final int dimension;

  /** By rank of a word, the weights up to and with it, of all 1. */
  private final double[] upTo = new double[VOCABULARY];

  private final float[][] tastes;

  GeneratedCatalogue(int size, int dimension) {
    this.size = size;
    this.dimension = dimension;
    double sum = 0;
    for (int rank = 0; rank < VOCABULARY; rank++) {
      sum += 1.0 / (rank + 1);
      upTo[rank] = sum;
    }
    for (int rank = 0; rank < VOCABULARY; rank++) {
      upTo[rank] /= sum;
    }
    RandomGenerator random = new SplittableRandom(SEED);
    tastes = new float[TASTES][];
    for (int i = 0; i < TASTES; i++) {
      tastes[i] = gaussian(random, 1 / Math.sqrt(dimension));
    }
  }

  private float[] gaussian(RandomGenerator random, double deviation) {
    float[] vector = new float[dimension];
    for (int d = 0; d < dimension; d++) {
      vector[d] = (float) (deviation * random.nextGaussian());
    }
    return vector;
  }

  @Override
  public String name() {
    return "generated";
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public Item item(int number) {
    RandomGenerator random = new SplittableRandom(SEED + 31L * (number + 1));
    String title = words(random, 2 + random.nextInt(7));
    String tags = words(random, 1 + random.nextInt(7));
    String body = words(random, 1 + (int) Math.exp(3.5 + 0.6 * random.nextGaussian()));
    double length = 0.8 * Math.exp(0.35 * random.nextGaussian());
    return new Item(title, tags, body, mixed(random, length));
  }

  @Override
  public List<float[]> readers() {
    RandomGenerator random = new SplittableRandom(SEED + 7);
    List<float[]> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      readers.add(mixed(random, 1));
    }
    return readers;
  }

  /** Two tastes and something of its own. */
  private float[] mixed(RandomGenerator random, double length) {
    float[] one = tastes[random.nextInt(TASTES)];
    float[] other = tastes[random.nextInt(TASTES)];
    double share = random.nextDouble();
    float[] vector = gaussian(random, 0.6 / Math.sqrt(dimension));
    for (int d = 0; d < dimension; d++) {
      double value = length * (vector[d] + share * one[d] + (1 - share) * other[d]);
      vector[d] = (float) Math.clamp(value, -Requests.HALF_STEP, Requests.HALF_STEP);
    }
    return vector;
  }

  private String words(RandomGenerator random, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      int rank = Arrays.binarySearch(upTo, random.nextDouble());
      int word = Math.min(VOCABULARY - 1, rank < 0 ? -rank - 1 : rank);
      text.append(i == 0 ? "w" : " w").append(Integer.toString(word, Character.MAX_RADIX));
    }
    return text.toString();
  }

  @Override
  public List<Integer> targets() {
    return List.of(
        Math.min(100, size / 10), Math.min(10_000, size / 5), Math.min(300_000, size / 10 * 3));
  }
}
