/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import org.apache.lucene.search.DoubleValuesSource;

/**
 * One prior of a blend: a number every document has, whoever asks.
 *
 * @param name field name, for explanations
 * @param missing value in place of the function's for documents without the number
 */
public record Prior(
    String name, DoubleValuesSource values, double weight, ScoreFunction function, double missing) {

  /** The most this part can add to a score. */
  double upperBound() {
    return weight == 0 ? 0 : weight * Math.max(missing, function.upperBound());
  }
}
