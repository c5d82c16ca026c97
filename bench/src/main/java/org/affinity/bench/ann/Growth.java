/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.affinity.bench.report.Numbers;

/**
 * How a candidate's figures grow with the vectors of clustered sets of one dimension. Nothing is
 * said of sets of different runs.
 */
record Growth(AnnResult result, String candidate, int dimension) {

  /** The recall at which times of sets of different sizes are compared. */
  static final double RECALL = 0.95;

  /** Its indices, by size. */
  List<AnnResult.Index> sizes() {
    List<AnnResult.Index> sizes =
        result.indices().stream()
            .filter(index -> index.candidate().equals(candidate) && index.dimension() == dimension)
            .filter(index -> GeneratedSet.parse(index.data()) != null)
            .sorted(java.util.Comparator.comparingInt(AnnResult.Index::vectors))
            .toList();
    return result.ofOneRun(sizes.stream().map(AnnResult.Index::data).toList()) ? sizes : List.of();
  }

  /** Microseconds of a query at the fixed recall. */
  double queryMicros(AnnResult.Index index) {
    return 1e6 / result.curve(index.data(), candidate, null, 10).at(RECALL);
  }

  /** Bytes a query at default settings allocates. */
  double allocated(AnnResult.Index index) {
    return result
        .byDefault(index.data(), candidate, null, 10)
        .map(AnnResult.Point::allocatedBytes)
        .orElse(Double.NaN);
  }

  /** The exponent of a figure in the number of vectors, over the sizes that have it. */
  double exponent(ToDoubleFunction<AnnResult.Index> figure) {
    List<AnnResult.Index> known =
        sizes().stream().filter(index -> figure.applyAsDouble(index) > 0).toList();
    return Numbers.exponent(
        known.stream().mapToDouble(AnnResult.Index::vectors).toArray(),
        known.stream().mapToDouble(figure).toArray());
  }
}
