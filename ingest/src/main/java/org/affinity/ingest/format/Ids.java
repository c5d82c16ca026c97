/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import org.affinity.ingest.EmbeddingSource;

/** Where ids may come from. */
final class Ids {
  private Ids() {}

  /** Refuses an id list for a form that has its ids in it. */
  static void refuse(EmbeddingSource source, String because) {
    if (source.ids().isPresent()) {
      throw new IllegalArgumentException(
          "--ids is for vectors without ids; %s in %s".formatted(because, source.path()));
    }
  }
}
