/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Item-item co-occurrence: the cosine of two items' columns of who liked them (G. Linden, B. Smith,
 * J. York: Amazon.com Recommendations, IEEE Internet Computing 2003), for every pair that anyone
 * liked both of.
 */
final class Cooccurrence {

  private static final int BYTES_PER_PAIR = Integer.BYTES + Float.BYTES;

  private final Map<String, Integer> numbers;
  private final int[][] neighbours;
  private final float[][] cosines;

  Cooccurrence(Likes likes) {
    numbers = likes.items();
    int[][] liked = likes.matrix();
    int[][] likedBy = Likes.transpose(liked, numbers.size());
    neighbours = new int[numbers.size()][];
    cosines = new float[numbers.size()][];
    int[] together = new int[numbers.size()];
    for (int item = 0; item < neighbours.length; item++) {
      Arrays.fill(together, 0);
      for (int person : likedBy[item]) {
        for (int other : liked[person]) {
          together[other]++;
        }
      }
      together[item] = 0;
      int pairs = (int) Arrays.stream(together).filter(count -> count > 0).count();
      neighbours[item] = new int[pairs];
      cosines[item] = new float[pairs];
      int filled = 0;
      for (int other = 0; other < together.length; other++) {
        if (together[other] > 0) {
          neighbours[item][filled] = other;
          cosines[item][filled++] =
              (float)
                  (together[other]
                      / Math.sqrt((double) likedBy[item].length * likedBy[other].length));
        }
      }
    }
  }

  private Cooccurrence(Map<String, Integer> numbers, int[][] neighbours, float[][] cosines) {
    this.numbers = numbers;
    this.neighbours = neighbours;
    this.cosines = cosines;
  }

  /** A table of the nearest of each item only. */
  Cooccurrence nearest(int most) {
    int[][] few = new int[neighbours.length][];
    float[][] theirs = new float[neighbours.length][];
    for (int item = 0; item < few.length; item++) {
      float[] all = cosines[item];
      int[] order =
          IntStream.range(0, all.length)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> -all[i]))
              .mapToInt(Integer::intValue)
              .limit(most)
              .toArray();
      few[item] = new int[order.length];
      theirs[item] = new float[order.length];
      for (int i = 0; i < order.length; i++) {
        few[item][i] = neighbours[item][order[i]];
        theirs[item][i] = all[order[i]];
      }
    }
    return new Cooccurrence(numbers, few, theirs);
  }

  /** By candidate, the sum of its cosines with the items of a history. */
  double[] scores(List<String> history, List<String> candidates) {
    double[] sums = new double[numbers.size()];
    for (String id : history) {
      Integer item = numbers.get(id);
      if (item != null) {
        for (int i = 0; i < neighbours[item].length; i++) {
          sums[neighbours[item][i]] += cosines[item][i];
        }
      }
    }
    return candidates.stream()
        .mapToDouble(id -> numbers.containsKey(id) ? sums[numbers.get(id)] : 0)
        .toArray();
  }

  /** What the table takes. */
  long bytes() {
    return Arrays.stream(neighbours).mapToLong(of -> (long) of.length * BYTES_PER_PAIR).sum();
  }
}
