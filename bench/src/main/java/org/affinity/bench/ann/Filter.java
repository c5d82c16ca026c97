/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.util.List;
import org.apache.lucene.util.FixedBitSet;

/**
 * Which rows a search may find.
 *
 * @param kind {@code random}: rows drawn one by one; {@code correlated}: the rows nearest to one of
 *     them, so that near neighbours of a query all pass or all fail
 */
record Filter(String kind, double percent) {

  static final List<Filter> ALL =
      List.of(
          new Filter("random", 0.1),
          new Filter("random", 1),
          new Filter("random", 10),
          new Filter("random", 50),
          new Filter("correlated", 0.1),
          new Filter("correlated", 1),
          new Filter("correlated", 10),
          new Filter("correlated", 50));

  /** The term that documents of eligible rows carry. */
  String term() {
    return kind + "-" + (percent < 1 ? Double.toString(percent) : Long.toString((long) percent));
  }

  FixedBitSet eligible(VectorSet set) {
    int size = set.base().size();
    int count = Math.max(1, (int) Math.round(size * percent / 100));
    FixedBitSet eligible = new FixedBitSet(size);
    if (kind.equals("random")) {
      java.util.SplittableRandom random = new java.util.SplittableRandom(GeneratedSet.SEED);
      while (eligible.cardinality() < count) {
        for (int i = eligible.cardinality(); i < count; i++) {
          eligible.set(random.nextInt(size));
        }
      }
      return eligible;
    }
    float[] pivot = set.base().get(size / 2);
    float[] row = new float[set.dimension()];
    long[] keys = new long[size];
    for (int i = 0; i < size; i++) {
      set.base().copy(i, row);
      // Scores are positive, so their bits are in their order.
      keys[i] = (long) -Float.floatToIntBits(set.score(pivot, row)) << 32 | i;
    }
    java.util.Arrays.sort(keys);
    for (int i = 0; i < count; i++) {
      eligible.set((int) keys[i]);
    }
    return eligible;
  }
}
