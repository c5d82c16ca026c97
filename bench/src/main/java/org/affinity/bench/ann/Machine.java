/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;
import java.util.Map;
import org.affinity.bench.report.Place;
import org.affinity.quantization.simd.KernelSelection;
import org.apache.lucene.util.Version;

/** Where and on what a run was made. */
final class Machine {

  private Machine() {}

  static Map<String, Object> describe(int rounds, int queries, long seed, String tag)
      throws IOException {
    Map<String, Object> run = Place.describe();
    run.put("maximumHeapMb", Runtime.getRuntime().maxMemory() >> 20);
    run.put("kernels", KernelSelection.best().name());
    run.put("lucene", Version.LATEST.toString());
    run.put("rounds", rounds);
    run.put("queries", queries);
    run.put("seedOfOrder", seed);
    run.put("seedOfSetsAndFilters", GeneratedSet.SEED);
    run.put("tag", tag);
    return run;
  }
}
