/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Strings by strings, in few bytes: UTF-8 one after another in one array, found through an
 * open-addressing table of offsets. Nothing is ever removed.
 */
final class StringTable {
  private static final int LENGTHS = 2 * Short.BYTES;
  private static final int LONGEST = 0xffff;

  private final long limit;
  private byte[] bytes = new byte[1 << 12];
  private int used;

  /** Offsets plus one; 0 is free. */
  private int[] slots = new int[1 << 8];

  private int size;

  /** With a limit on the bytes of both arrays together. */
  StringTable(long limit) {
    this.limit = limit;
  }

  long limit() {
    return limit;
  }

  int size() {
    return size;
  }

  /** Null where there is none. */
  String get(String key) {
    byte[] wanted = key.getBytes(StandardCharsets.UTF_8);
    int offset = slots[slot(wanted, 0, wanted.length)] - 1;
    if (offset < 0) {
      return null;
    }
    int from = offset + LENGTHS + wanted.length;
    return new String(bytes, from, length(offset + Short.BYTES), StandardCharsets.UTF_8);
  }

  /** Adds a key that is not there; false, and nothing is added, where the limit is reached. */
  boolean put(String key, String value) {
    byte[] k = key.getBytes(StandardCharsets.UTF_8);
    byte[] v = value.getBytes(StandardCharsets.UTF_8);
    if (k.length > LONGEST || v.length > LONGEST) {
      throw new IllegalArgumentException("an id is longer than " + LONGEST + " bytes");
    }
    long needed = (long) used + LENGTHS + k.length + v.length;
    boolean full = size >= slots.length / 2;
    long table = (long) Integer.BYTES * slots.length * (full ? 2 : 1);
    if (needed > Integer.MAX_VALUE - 8 || needed + table > limit) {
      return false;
    }
    if (needed > bytes.length) {
      long room = Math.max(needed, Math.min(2L * bytes.length, limit - table));
      bytes = Arrays.copyOf(bytes, (int) Math.min(room, Integer.MAX_VALUE - 8));
    }
    if (full) {
      grow();
    }
    slots[slot(k, 0, k.length)] = used + 1;
    write(k.length);
    write(v.length);
    System.arraycopy(k, 0, bytes, used, k.length);
    System.arraycopy(v, 0, bytes, used + k.length, v.length);
    used += k.length + v.length;
    size++;
    return true;
  }

  private void write(int length) {
    bytes[used++] = (byte) (length >>> 8);
    bytes[used++] = (byte) length;
  }

  private int length(int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  private void grow() {
    int[] old = slots;
    slots = new int[2 * old.length];
    for (int each : old) {
      if (each != 0) {
        int from = each - 1 + LENGTHS;
        slots[slot(bytes, from, from + length(each - 1))] = each;
      }
    }
  }

  /** Where a key is, or is to be. */
  private int slot(byte[] in, int from, int to) {
    int mask = slots.length - 1;
    int at = hash(in, from, to) & mask;
    while (slots[at] != 0) {
      int offset = slots[at] - 1;
      int start = offset + LENGTHS;
      if (Arrays.equals(bytes, start, start + length(offset), in, from, to)) {
        return at;
      }
      at = (at + 1) & mask;
    }
    return at;
  }

  private static int hash(byte[] in, int from, int to) {
    int h = to - from;
    for (int i = from; i < to; i++) {
      h = (h ^ in[i]) * 0x9e3779b1;
      h ^= h >>> 15;
    }
    return h;
  }
}
