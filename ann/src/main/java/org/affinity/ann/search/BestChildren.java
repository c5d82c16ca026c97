/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.lucene.search.ScoreDoc;

/** The best child of each of the k best parents; the earlier child wins a tie. For one thread. */
final class BestChildren {

  private record Child(int parent, int doc, float score) {}

  private static final Comparator<Child> WORST_FIRST =
      Comparator.comparingDouble(Child::score)
          .thenComparing(Comparator.comparingInt(Child::doc).reversed());

  private final int k;
  private final TreeSet<Child> children = new TreeSet<>(WORST_FIRST);
  private final Map<Integer, Child> byParent = new HashMap<>();

  /**
   * @param k at least 1
   */
  BestChildren(int k) {
    this.k = k;
  }

  /** Returns whether the child is now among the best. */
  boolean add(int parent, int doc, float score) {
    if (isFull() && score < children.first().score()) {
      return false;
    }
    Child child = new Child(parent, doc, score);
    Child sibling = byParent.get(parent);
    if (sibling != null) {
      if (WORST_FIRST.compare(child, sibling) <= 0) {
        return false;
      }
      children.remove(sibling);
    } else if (isFull()) {
      Child worst = children.first();
      if (WORST_FIRST.compare(child, worst) <= 0) {
        return false;
      }
      children.remove(worst);
      byParent.remove(worst.parent());
    }
    children.add(child);
    byParent.put(parent, child);
    return true;
  }

  boolean isFull() {
    return children.size() >= k;
  }

  int size() {
    return children.size();
  }

  /** Negative infinity as long as any parent is welcome. */
  float leastScore() {
    return isFull() ? children.first().score() : Float.NEGATIVE_INFINITY;
  }

  /** By child. */
  ScoreDoc[] bestFirst() {
    return children.descendingSet().stream()
        .map(child -> new ScoreDoc(child.doc(), child.score()))
        .toArray(ScoreDoc[]::new);
  }

  int[] parents() {
    return byParent.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
  }
}
