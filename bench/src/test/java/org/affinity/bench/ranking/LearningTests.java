/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.Test;

/** Factors and co-occurrences of data whose answer is known. */
public class LearningTests {

  private static final int PEOPLE = 40;
  private static final int ITEMS = 20;

  /** Two blocks are a matrix of rank 2: those of each block like all of its items but one. */
  @Test
  public void testTwoFactorsTellTwoBlocksApartAndFillTheGaps() {
    int[][] liked = new int[PEOPLE][];
    for (int person = 0; person < PEOPLE; person++) {
      int block = person % 2;
      int left = person % (ITEMS / 2);
      liked[person] =
          IntStream.range(0, ITEMS / 2).filter(i -> i != left).map(i -> 2 * i + block).toArray();
    }
    ImplicitAls factors =
        ImplicitAls.learn(liked, ITEMS, new ImplicitAls.Settings(2, 20, .1, 10, 3), i -> {});
    for (int person = 0; person < PEOPLE; person++) {
      for (int item = 0; item < ITEMS; item++) {
        double product = product(factors, person, item);
        if (item % 2 == person % 2) {
          assertTrue(person + " likes " + item + ": " + product, product > .8);
        } else {
          assertTrue(person + " likes " + item + ": " + product, Math.abs(product) < .1);
        }
      }
    }
  }

  @Test
  public void testTheSeedDecides() {
    int[][] liked = {{0, 1}, {1, 2}, {0, 2}};
    ImplicitAls.Settings settings = new ImplicitAls.Settings(2, 20, 1, 3, 3);
    assertArrayEquals(
        ImplicitAls.learn(liked, 3, settings, i -> {}).items().data,
        ImplicitAls.learn(liked, 3, settings, i -> {}).items().data,
        0);
  }

  @Test
  public void testCooccurrenceIsTheCosineOfColumns() {
    Likes likes = new Likes();
    for (String[] pair :
        new String[][] {
          {"p", "a"}, {"p", "b"}, {"q", "a"}, {"q", "b"}, {"r", "a"}, {"r", "c"}, {"s", "d"}
        }) {
      likes.add(pair[0], pair[1]);
    }
    Cooccurrence table = new Cooccurrence(likes);
    double ab = 2 / Math.sqrt(3 * 2);
    double ac = 1 / Math.sqrt(3);
    assertArrayEquals(
        new double[] {0, ab, ac, 0, 0},
        table.scores(List.of("a", "unknown"), List.of("a", "b", "c", "d", "unknown")),
        1e-6);
    assertArrayEquals(
        "sums over the history",
        new double[] {ab + ac},
        table.scores(List.of("b", "c"), List.of("a")),
        1e-6);
    assertEquals("a with b and c, both ways", 4 * 8, table.bytes());
    Cooccurrence nearest = table.nearest(1);
    assertEquals("the nearest of a, b and c", 3 * 8, nearest.bytes());
    assertArrayEquals(new double[] {ab, 0}, nearest.scores(List.of("a"), List.of("b", "c")), 1e-6);
  }

  @Test
  public void testTransposedTwiceIsTheSame() {
    int[][] matrix = {{0, 2}, {}, {2, 3}};
    int[][] transposed = Likes.transpose(matrix, 4);
    assertArrayEquals(new int[] {0, 2}, transposed[2]);
    assertArrayEquals(new int[] {}, transposed[1]);
    assertArrayEquals(matrix, Likes.transpose(transposed, 3));
  }

  private static double product(ImplicitAls factors, int person, int item) {
    float[] first = ImplicitAls.vector(factors.people(), person);
    float[] second = ImplicitAls.vector(factors.items(), item);
    double product = 0;
    for (int d = 0; d < first.length; d++) {
      product += first[d] * second[d];
    }
    return product;
  }
}
