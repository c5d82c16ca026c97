/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A uniform sample of bounded size from a stream of unknown length (Vitter's algorithm R, ACM TOMS
 * 11(1), 1985), seeded. Keeps copies, so callers may reuse their arrays. Not thread-safe.
 */
public final class ReservoirSampler {

  private final int capacity;
  private final SplittableRandom random;
  private final List<float[]> sample = new ArrayList<>();
  private long seen;

  /**
   * @param capacity most vectors to keep, at least 1
   */
  public ReservoirSampler(int capacity, long seed) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be at least 1, got " + capacity);
    }
    this.capacity = capacity;
    this.random = new SplittableRandom(seed);
  }

  /** Offers the next vector of the stream. */
  public void add(float[] vector) {
    seen++;
    if (sample.size() < capacity) {
      sample.add(vector.clone());
      return;
    }
    long slot = random.nextLong(seen);
    if (slot < capacity) {
      float[] kept = sample.get((int) slot);
      System.arraycopy(vector, 0, kept, 0, kept.length);
    }
  }

  /** Vectors offered so far. */
  public long seen() {
    return seen;
  }

  /** The sample so far, at most {@code capacity} vectors; a read-only view. */
  public List<float[]> sample() {
    return Collections.unmodifiableList(sample);
  }
}
