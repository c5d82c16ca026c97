/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.Map;
import org.affinity.plugin.vector.StoredVector;

/** What a {@link VectorFetch} brought, an outcome for each vector that was wanted. */
record Fetched(Map<StoredVector, Outcome> outcomes) {

  /** What became of one. */
  sealed interface Outcome {}

  /**
   * @param values shared by all documents of the bulk, not to be changed
   * @param what where it stood, for messages
   */
  record Found(float[] values, String what) implements Outcome {}

  /** There is none. */
  record Missing(String reason) implements Outcome {}

  /** It could not be had. */
  record Failed(Exception cause) implements Outcome {}

  /**
   * Returns {@link Found} or {@link Missing}.
   *
   * @throws Exception why it could not be had
   */
  Outcome get(StoredVector vector) throws Exception {
    Outcome outcome = outcomes.get(vector);
    if (outcome instanceof Failed failed) {
      throw failed.cause();
    }
    return outcome;
  }
}
