/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.affinity.plugin.vector.Fetched;
import org.affinity.plugin.vector.StoredPart;
import org.affinity.plugin.vector.StoredVector;

/** The items of a reference with their weights, and the step from them to a taste. */
final class ItemWeights {

  private final Map<StoredVector, Double> weights = new LinkedHashMap<>();

  /** Adds to an item's weight. */
  void add(StoredVector item, double weight) {
    weights.merge(item, weight, Double::sum);
  }

  /**
   * Asks for the vectors that are not there yet, or makes a taste of all.
   *
   * @param name of what the items are of
   * @param skipped what could not even become an item
   */
  Step step(Knowledge known, String name, int interests, int skipped) throws Exception {
    weights.values().removeIf(weight -> weight == 0);
    if (weights.isEmpty()) {
      return new Step.None(name + ": no items", new Usage(0, skipped, 0));
    }
    Set<StoredPart<?>> needs = new LinkedHashSet<>();
    for (StoredVector item : weights.keySet()) {
      if (known.fetched().outcome(item) == null) {
        needs.add(item);
      }
    }
    return needs.isEmpty() ? make(known, name, interests, skipped) : new Step.Needs(needs);
  }

  private Step make(Knowledge known, String name, int interests, int skipped) throws Exception {
    List<ItemMean.Item> items = new ArrayList<>();
    String first = null;
    for (Map.Entry<StoredVector, Double> entry : weights.entrySet()) {
      if (known.fetched().get(entry.getKey()) instanceof Fetched.Found<float[]> found) {
        if (first == null) {
          first = found.what();
        } else if (items.get(0).vector().length != found.value().length) {
          throw new IllegalArgumentException(
              found.what()
                  + " has ["
                  + found.value().length
                  + "] values, "
                  + first
                  + " has ["
                  + items.get(0).vector().length
                  + "]: items of one reference must be of one dimension");
        }
        items.add(new ItemMean.Item(found.value(), entry.getValue()));
      }
    }
    Usage usage = new Usage(items.size(), skipped + weights.size() - items.size(), 0);
    String index = weights.keySet().iterator().next().index();
    String counted =
        name + ": " + items.size() + " of " + weights.size() + " items of [" + index + "]";
    if (items.isEmpty()) {
      return new Step.None(counted + " have a vector", usage);
    }
    Taste taste = ItemMean.of(items, interests);
    return taste == null
        ? new Step.None(counted + ", likes and dislikes cancel out", new Usage(0, 0, 0))
        : new Step.Found(taste, counted, usage);
  }
}
