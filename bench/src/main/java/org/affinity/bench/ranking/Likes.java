/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who liked what in training: people and items by their ids and by numbers from 0. */
final class Likes {

  private final Map<String, Integer> people = new LinkedHashMap<>();
  private final Map<String, Integer> items = new LinkedHashMap<>();
  private final List<List<Integer>> byPerson = new ArrayList<>();

  /** A person likes an item; to be told once of each pair. */
  void add(String person, String item) {
    int p = people.computeIfAbsent(person, id -> people.size());
    int i = items.computeIfAbsent(item, id -> items.size());
    if (p == byPerson.size()) {
      byPerson.add(new ArrayList<>());
    }
    byPerson.get(p).add(i);
  }

  Map<String, Integer> people() {
    return people;
  }

  Map<String, Integer> items() {
    return items;
  }

  /** By person, the numbers of the items liked. */
  int[][] matrix() {
    return byPerson.stream()
        .map(liked -> liked.stream().mapToInt(Integer::intValue).toArray())
        .toArray(int[][]::new);
  }

  /** Rows become columns. */
  static int[][] transpose(int[][] matrix, int columns) {
    int[] counts = new int[columns];
    for (int[] row : matrix) {
      for (int column : row) {
        counts[column]++;
      }
    }
    int[][] transposed = new int[columns][];
    for (int column = 0; column < columns; column++) {
      transposed[column] = new int[counts[column]];
    }
    int[] filled = new int[columns];
    for (int row = 0; row < matrix.length; row++) {
      for (int column : matrix[row]) {
        transposed[column][filled[column]++] = row;
      }
    }
    return transposed;
  }
}
