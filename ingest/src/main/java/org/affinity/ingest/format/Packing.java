/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;

/** How a file is packed, as its first bytes say. */
enum Packing {
  NONE(""),
  GZIP("1f8b"),
  ZSTD("28b52ffd");

  /** As many bytes as it takes to tell. */
  static final int MAGIC_BYTES = 4;

  private static final int BUFFER = 1 << 16;

  private final String magic;

  Packing(String magic) {
    this.magic = magic;
  }

  static Packing of(byte[] head) {
    if (GZIP.opens(head)) {
      return GZIP;
    }
    return ZSTD.opens(head) ? ZSTD : NONE;
  }

  private boolean opens(byte[] head) {
    return HexFormat.of().formatHex(head).startsWith(magic);
  }

  /** The unpacked content of a stream. zstd takes up to 128 MiB for it, beside the heap. */
  InputStream unpack(InputStream in) throws IOException {
    return switch (this) {
      case NONE -> in;
      case GZIP -> new GZIPInputStream(in, BUFFER);
      case ZSTD -> zstd(in);
    };
  }

  private static InputStream zstd(InputStream in) throws IOException {
    try {
      return new ZstdInputStreamNoFinalizer(in);
    } catch (LinkageError e) {
      throw new IOException(
          "zstd needs native code, and there is none for %s %s; unpack the file first"
              .formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
          e);
    }
  }
}
