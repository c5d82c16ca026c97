/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often, and after which pauses, to repeat what a busy or absent server did not take. Pauses
 * double from the first to the longest; each is shortened at random by up to a half, so that
 * requests refused together do not come back together.
 *
 * @param attempts how often to send at most, the first time included
 * @param first the first pause
 * @param longest the longest pause
 */
public record RetryPolicy(int attempts, Duration first, Duration longest) {
  /** Nine attempts over about two minutes. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(9, Duration.ofMillis(500), Duration.ofSeconds(30));

  /** Refuses fewer than one attempt. */
  public RetryPolicy {
    if (attempts < 1 || first.isNegative() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException("at least one attempt, and growing pauses");
    }
  }

  /** The pause after a failed attempt, counted from 1. */
  public Duration pause(int attempt) {
    long doubled = first.toMillis() << Math.min(attempt - 1, 20);
    long most = Math.min(doubled, longest.toMillis());
    return Duration.ofMillis(most - ThreadLocalRandom.current().nextLong(most / 2 + 1));
  }
}
