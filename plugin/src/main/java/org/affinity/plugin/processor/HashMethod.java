/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.Locale;
import org.opensearch.ingest.Processor;

/** {@code embedding_hash}: a vector for an id that no model has learned, by one of two methods. */
enum HashMethod {
  SIGNED,
  BLOOM;

  static final String TYPE = "embedding_hash";

  static Processor create(ProcessorConfig config, VectorFetch.Source vectors) {
    return switch (config.oneOf("method", HashMethod.class, null)) {
      case SIGNED -> new SignedHashProcessor(config);
      case BLOOM -> new BloomHashProcessor(config, vectors);
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
