/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A candidate whose index can be written in pieces and then merged. */
interface MergeableCandidate extends Candidate {

  /**
   * Indexes a set in consecutive pieces.
   *
   * @param ends by piece, the row after its last
   */
  void buildPieces(VectorSet set, List<Integer> ends, Path folder) throws IOException;

  /** Makes one piece of all. */
  void merge(VectorSet set, Path folder) throws IOException;
}
