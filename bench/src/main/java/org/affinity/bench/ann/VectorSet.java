/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.nio.file.Path;
import org.affinity.ann.search.VectorSpace;

/**
 * Vectors to index and queries.
 *
 * @param codeBytes bytes of a code at the compression the bars speak of
 * @param given the answers that came with the data, an .ivecs file of row numbers; null if none
 * @param folder where what is derived from the set is kept
 */
public record VectorSet(
    String name,
    VectorSpace space,
    Vectors base,
    Vectors queries,
    int codeBytes,
    Path given,
    Path folder) {

  /** Of base and queries. */
  public int dimension() {
    return base.dimension();
  }

  /** The exact score of a row. */
  public float score(float[] query, float[] row) {
    return space.score(space.signal(query, row));
  }

  /** The first vectors only, whose answers are others. */
  VectorSet withBase(int most) {
    return new VectorSet(name, space, base.first(most), queries, codeBytes, null, folder);
  }

  /** Some of the queries, evenly spread: the first are the easy ones where words are sorted. */
  public VectorSet withQueries(int most) {
    return new VectorSet(
        name,
        space,
        base,
        queries.spread(Math.min(most, queries.size())),
        codeBytes,
        given,
        folder);
  }
}
