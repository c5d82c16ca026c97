/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import org.apache.lucene.search.DoubleValuesSource;
import org.apache.lucene.search.IndexSearcher;

/**
 * One prior of a blend: a number every document has, whoever asks.
 *
 * @param name field name, for explanations
 * @param missing value in place of the function's for documents without the number
 * @param confidence how much of the weight counts
 */
public record Prior(
    String name,
    DoubleValuesSource values,
    double weight,
    ScoreFunction function,
    double missing,
    Confidence confidence) {

  /** A prior whose whole weight counts. */
  public Prior(
      String name,
      DoubleValuesSource values,
      double weight,
      ScoreFunction function,
      double missing) {
    this(name, values, weight, function, missing, new Confidence.Full());
  }

  /** Binds what depends on a searcher. */
  Prior rewrite(IndexSearcher searcher) throws IOException {
    return new Prior(
        name, values.rewrite(searcher), weight, function, missing, confidence.rewrite(searcher));
  }

  /** The most the weight can be; 0 if the part adds nothing to any document. */
  double mostWeight() {
    return weight * confidence.upperBound();
  }

  /** The most this part can add to a score. */
  double upperBound() {
    double most = mostWeight();
    return most == 0 ? 0 : most * Math.max(missing, function.upperBound());
  }
}
