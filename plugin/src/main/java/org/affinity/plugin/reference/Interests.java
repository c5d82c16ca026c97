/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Splits a person's items into interests, by weighted k-means (Lloyd 1982) without randomness: the
 * first centre is the item of greatest weight, each further one the item of greatest weight ·
 * squared distance from the centres there are (after Gonzalez 1985). Ties go to the earlier item,
 * so the same items in the same order always split alike. Items of negative weight take no part:
 * each joins the interest whose centre is nearest.
 */
final class Interests {

  /** Rounds of Lloyd's algorithm; on so few items it settles sooner. */
  private static final int MAX_ROUNDS = 10;

  private Interests() {}

  /**
   * Returns at most {@code wanted} groups, none empty, each with a positive item unless no item is.
   *
   * @param items of one dimension, not empty
   */
  static List<List<ItemMean.Item>> of(List<ItemMean.Item> items, int wanted) {
    List<ItemMean.Item> liked = items.stream().filter(item -> item.weight() > 0).toList();
    if (wanted == 1 || liked.size() < 2) {
      return List.of(items);
    }
    List<double[]> centres = seeds(liked, wanted);
    int[] nearest = new int[liked.size()];
    for (int round = 0; round < MAX_ROUNDS; round++) {
      int[] before = nearest.clone();
      for (int i = 0; i < nearest.length; i++) {
        nearest[i] = nearest(centres, liked.get(i).vector());
      }
      if (round > 0 && Arrays.equals(before, nearest)) {
        break;
      }
      move(centres, liked, nearest);
    }
    List<List<ItemMean.Item>> groups = new ArrayList<>();
    for (int c = 0; c < centres.size(); c++) {
      groups.add(new ArrayList<>());
    }
    boolean[] taken = new boolean[centres.size()];
    for (int i = 0; i < nearest.length; i++) {
      groups.get(nearest[i]).add(liked.get(i));
      taken[nearest[i]] = true;
    }
    for (ItemMean.Item item : items) {
      if (item.weight() < 0) {
        groups.get(nearest(centres, item.vector(), taken)).add(item);
      }
    }
    return groups.stream().filter(group -> !group.isEmpty()).toList();
  }

  private static List<double[]> seeds(List<ItemMean.Item> items, int wanted) {
    int heaviest = 0;
    for (int i = 1; i < items.size(); i++) {
      if (items.get(i).weight() > items.get(heaviest).weight()) {
        heaviest = i;
      }
    }
    List<double[]> centres = new ArrayList<>();
    centres.add(toDoubles(items.get(heaviest).vector()));
    double[] distances = new double[items.size()];
    Arrays.fill(distances, Double.POSITIVE_INFINITY);
    while (centres.size() < wanted) {
      double[] last = centres.get(centres.size() - 1);
      double furthest = 0;
      int seed = -1;
      for (int i = 0; i < distances.length; i++) {
        distances[i] = Math.min(distances[i], distance(last, items.get(i).vector()));
        if (items.get(i).weight() * distances[i] > furthest) {
          furthest = items.get(i).weight() * distances[i];
          seed = i;
        }
      }
      if (seed < 0) {
        break; // fewer different items than interests
      }
      centres.add(toDoubles(items.get(seed).vector()));
    }
    return centres;
  }

  /** Moves each centre to the mean of its items; one that lost all stays. */
  private static void move(List<double[]> centres, List<ItemMean.Item> items, int[] nearest) {
    for (int c = 0; c < centres.size(); c++) {
      double[] sum = new double[centres.get(c).length];
      double weight = 0;
      for (int i = 0; i < nearest.length; i++) {
        if (nearest[i] == c) {
          ItemMean.Item item = items.get(i);
          weight += item.weight();
          for (int d = 0; d < sum.length; d++) {
            sum[d] += item.weight() * item.vector()[d];
          }
        }
      }
      if (weight > 0) {
        for (int d = 0; d < sum.length; d++) {
          sum[d] /= weight;
        }
        centres.set(c, sum);
      }
    }
  }

  private static int nearest(List<double[]> centres, float[] vector) {
    boolean[] all = new boolean[centres.size()];
    Arrays.fill(all, true);
    return nearest(centres, vector, all);
  }

  private static int nearest(List<double[]> centres, float[] vector, boolean[] among) {
    int nearest = -1;
    double least = Double.POSITIVE_INFINITY;
    for (int c = 0; c < among.length; c++) {
      if (among[c]) {
        double distance = distance(centres.get(c), vector);
        if (nearest < 0 || distance < least) {
          least = distance;
          nearest = c;
        }
      }
    }
    return nearest;
  }

  private static double distance(double[] centre, float[] vector) {
    double sum = 0;
    for (int d = 0; d < centre.length; d++) {
      double difference = centre[d] - vector[d];
      sum += difference * difference;
    }
    return sum;
  }

  private static double[] toDoubles(float[] vector) {
    double[] doubles = new double[vector.length];
    for (int d = 0; d < doubles.length; d++) {
      doubles[d] = vector[d];
    }
    return doubles;
  }
}
