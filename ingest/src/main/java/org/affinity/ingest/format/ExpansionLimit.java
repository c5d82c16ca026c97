/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongSupplier;

/**
 * Ends the reading of what unpacks to far more than embeddings can: a few kilobytes made to keep a
 * loader busy for days. Vectors of float32 hardly shrink to a half, text of them to a third.
 */
final class ExpansionLimit extends FilterInputStream {
  static final int RATIO = 200;

  /** Below this many unpacked bytes any ratio is fine: a small file of zeros is no attack. */
  static final long FREE = 64L << 20;

  private final LongSupplier packed;
  private long unpacked;

  /** Limits a stream by the number of packed bytes that it has taken so far. */
  ExpansionLimit(InputStream in, LongSupplier packed) {
    super(in);
    this.packed = packed;
  }

  @Override
  public int read() throws IOException {
    int b = in.read();
    return b < 0 ? b : (int) checked(1, b);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n = in.read(bytes, offset, length);
    return n <= 0 ? n : (int) checked(n, n);
  }

  @Override
  public long skip(long n) throws IOException {
    long skipped = in.skip(n);
    return checked(skipped, skipped);
  }

  private long checked(long more, long result) throws IOException {
    unpacked += more;
    if (unpacked > FREE && unpacked / RATIO > packed.getAsLong()) {
      throw new IOException(
          "it unpacks to more than %d times its size, as no embeddings do; if it is meant, unpack"
                  .formatted(RATIO)
              + " it first");
    }
    return result;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
