/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import java.io.IOException;

/**
 * The largest page and the largest footer that are read: a sixteenth of the heap, within 16 to 256
 * MiB. A page costs up to three times its unpacked size while it is taken apart.
 *
 * @param bytes of one page or footer, unpacked
 */
record MemoryBound(long bytes) {
  private static final long LEAST = 16L << 20;
  private static final long MOST = 256L << 20;

  static MemoryBound ofHeap() {
    return new MemoryBound(Math.clamp(Runtime.getRuntime().maxMemory() / 16, LEAST, MOST));
  }

  /** Refuses what is larger, or negative. */
  int check(String what, long size) throws IOException {
    if (size < 0) {
      throw new IOException(what + " claims a size of " + size + " bytes; the file is damaged");
    }
    if (size > bytes) {
      throw new IOException(
          "%s has %,d bytes, more than the %,d that are read at once; write smaller pages, or give more heap"
              .formatted(what, size, bytes));
    }
    return (int) size;
  }
}
