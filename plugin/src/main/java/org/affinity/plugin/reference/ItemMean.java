/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.util.ArrayList;
import java.util.List;
import org.affinity.quantization.VectorMath;

/**
 * What items say of a person: the weighted mean of those liked, less those not liked.
 *
 * <p>{@code u = (Σ wᵢ·vᵢ) / W}, over all items, W the sum W⁺ of the positive weights (W⁻, of the
 * absolute ones, if none is positive; W⁻/1,000,000 if W⁺ is less than that, so that u stays a
 * float32 whatever the weights). With likes only that is their mean; with m⁺ and m⁻, the means of
 * the two sides, it is {@code m⁺ - (W⁻/W⁺)·m⁻}: the formula of Rocchio (1971) without the original
 * query, β = 1, γ = W⁻/W⁺. Sums are in double, in the order of the items.
 */
final class ItemMean {

  /** A result this much shorter than what it is made of is rounding. */
  static final double NOTHING = 1e-6;

  /** What is not liked outweighs what is liked by no more than this. */
  private static final double MAX_RATIO = 1e6;

  private ItemMean() {}

  /**
   * An item.
   *
   * @param weight not 0
   */
  record Item(float[] vector, double weight) {}

  /**
   * The mean of each interest.
   *
   * @param items of one dimension, not empty
   * @return null if likes and dislikes cancel out
   */
  static Taste of(List<Item> items, int interests) {
    List<float[]> values = new ArrayList<>();
    for (List<Item> group : Interests.of(items, interests)) {
      float[] mean = mean(group);
      if (!isRepelled(group) || hasDirection(mean, group)) {
        values.add(mean);
      }
    }
    if (values.isEmpty()) {
      return null;
    }
    List<float[]> directions = new ArrayList<>();
    List<Item> unit = unit(items);
    if (!unit.isEmpty()) {
      for (List<Item> group : Interests.of(unit, interests)) {
        float[] mean = mean(group);
        if (hasDirection(mean, group)) {
          directions.add(mean);
        }
      }
    }
    // A zero vector has no direction, and says so.
    return new Taste(
        values,
        directions.isEmpty() ? List.of(new float[values.get(0).length]) : directions,
        isRepelled(items));
  }

  private static boolean isRepelled(List<Item> items) {
    return items.stream().anyMatch(item -> item.weight() < 0);
  }

  /** The items with their vectors scaled to length 1, without those that have none. */
  private static List<Item> unit(List<Item> items) {
    List<Item> unit = new ArrayList<>();
    for (Item item : items) {
      float[] direction = unit(item.vector());
      if (direction != null) {
        unit.add(new Item(direction, item.weight()));
      }
    }
    return unit;
  }

  /** The vector scaled to length 1; null if it has no length. */
  static float[] unit(float[] vector) {
    double norm = Math.sqrt(VectorMath.squaredNorm(vector));
    if (norm == 0) {
      return null;
    }
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] / norm);
    }
    return unit;
  }

  private static float[] mean(List<Item> items) {
    double[] sum = new double[items.get(0).vector().length];
    double total = total(items);
    for (Item item : items) {
      double share = item.weight() / total;
      for (int i = 0; i < sum.length; i++) {
        sum[i] += share * item.vector()[i];
      }
    }
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) sum[i];
    }
    return mean;
  }

  private static double total(List<Item> items) {
    double positive = 0;
    double negative = 0;
    for (Item item : items) {
      positive += Math.max(0, item.weight());
      negative += Math.max(0, -item.weight());
    }
    return positive > 0 ? Math.max(positive, negative / MAX_RATIO) : negative;
  }

  private static boolean hasDirection(float[] mean, List<Item> items) {
    double longest = 0;
    double total = total(items);
    for (Item item : items) {
      longest =
          Math.max(
              longest,
              Math.abs(item.weight() / total) * Math.sqrt(VectorMath.squaredNorm(item.vector())));
    }
    return Math.sqrt(VectorMath.squaredNorm(mean)) > NOTHING * longest;
  }
}
