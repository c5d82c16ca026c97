/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.vector;

import java.util.HashMap;
import java.util.Map;

/** What was brought of stored documents, an outcome for each part that was asked for. */
public final class Fetched {

  /** What became of one. */
  public sealed interface Outcome<T> {}

  /**
   * @param value shared by all who asked for it, not to be changed
   * @param what where it stood, for messages
   */
  public record Found<T>(T value, String what) implements Outcome<T> {}

  /** There is none. */
  public record Missing<T>(String reason) implements Outcome<T> {}

  /** It could not be had. */
  public record Failed<T>(Exception cause) implements Outcome<T> {}

  private final Map<StoredPart<?>, Outcome<?>> outcomes = new HashMap<>();

  /** Keeps what became of one. */
  public <T> void put(StoredPart<T> part, Outcome<T> outcome) {
    outcomes.put(part, outcome);
  }

  public void putAll(Fetched others) {
    outcomes.putAll(others.outcomes);
  }

  /** How many parts were asked for. */
  public int size() {
    return outcomes.size();
  }

  /** What became of one; null if it was not asked for. */
  @SuppressWarnings("unchecked") // put() is the only way in
  public <T> Outcome<T> outcome(StoredPart<T> part) {
    return (Outcome<T>) outcomes.get(part);
  }

  /**
   * Returns {@link Found} or {@link Missing}.
   *
   * @throws Exception why it could not be had
   */
  public <T> Outcome<T> get(StoredPart<T> part) throws Exception {
    Outcome<T> outcome = outcome(part);
    if (outcome instanceof Failed<T> failed) {
      throw failed.cause();
    }
    return outcome;
  }
}
