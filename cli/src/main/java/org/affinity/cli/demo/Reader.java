/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.demo;

import java.util.Map;
import org.affinity.ingest.Embedding;

/**
 * A person who reads.
 *
 * @param id the reader's id
 * @param name how to call them
 * @param vector their embedding, not copied
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Reader(String id, String name, float[] vector) {
  Embedding toEmbedding() {
    return new Embedding(id, vector, Map.of("name", name));
  }
}
