/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.util.OptionalLong;

/**
 * Counts how often an id is one that was there before, by 64-bit hashes in an open-addressing
 * table: of four million ids, two are taken for one with a probability of one in two million. Gives
 * up, and its memory back, beyond a limit.
 */
final class DistinctIds {
  private static final int FIRST_SLOTS = 1 << 10;

  private final int limit;
  private long[] slots = new long[FIRST_SLOTS];
  private int size;
  private long repeated;

  DistinctIds(int limit) {
    this.limit = limit;
  }

  void add(String id) {
    if (slots.length == 0) {
      return;
    }
    if (!insert(slots, hash(id))) {
      repeated++;
      return;
    }
    size++;
    if (size > limit) {
      slots = new long[0];
    } else if (size > slots.length / 2) {
      grow();
    }
  }

  OptionalLong repeated() {
    return slots.length == 0 ? OptionalLong.empty() : OptionalLong.of(repeated);
  }

  private void grow() {
    long[] more = new long[2 * slots.length];
    for (long each : slots) {
      if (each != 0) {
        insert(more, each);
      }
    }
    slots = more;
  }

  /** False if it was there. */
  private static boolean insert(long[] slots, long hash) {
    int mask = slots.length - 1;
    int at = (int) hash & mask;
    while (slots[at] != 0) {
      if (slots[at] == hash) {
        return false;
      }
      at = (at + 1) & mask;
    }
    slots[at] = hash;
    return true;
  }

  /** Never 0, which marks a free slot. Mixed after each character, as MurmurHash3 finishes. */
  static long hash(String id) {
    long h = id.length();
    for (int i = 0; i < id.length(); i++) {
      h = (h ^ id.charAt(i)) * 0xff51afd7ed558ccdL;
      h ^= h >>> 33;
    }
    h *= 0xc4ceb9fe1a85ec53L;
    h ^= h >>> 33;
    return h == 0 ? 1 : h;
  }
}
