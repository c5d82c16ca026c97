/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One way to index and search a set. */
interface Candidate {

  /** Whose it is. */
  enum Side {
    OURS,
    PEER,
    SCAN
  }

  /** Short, fit for a file name. */
  String name();

  Side side();

  /** Indexes the first rows of a set, in one piece. */
  void build(VectorSet set, List<FilteredRows> filters, Path folder) throws IOException;

  /** Opens what {@link #build} left. */
  BuiltIndex open(VectorSet set, Path folder) throws IOException;
}
