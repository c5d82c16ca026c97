/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyError;

/** Unpacks pages. A page unpacks to the size its header states or not at all. */
final class PageCodec {
  private static final int ZSTD_LEVEL = 3;

  private PageCodec() {}

  /** Refuses codecs that are not read here. */
  static void check(CompressionCodecName codec) throws IOException {
    switch (codec) {
      case UNCOMPRESSED, SNAPPY, GZIP, ZSTD, LZ4_RAW -> {}
      default ->
          throw new IOException(
              "compressed with "
                  + codec
                  + ", which is not supported; write it with snappy, gzip, zstd, lz4_raw or none");
    }
  }

  /**
   * Unpacks one page.
   *
   * @param codec how it is packed
   * @param packed its bytes
   * @param from where they begin in the array; they end with it
   * @param size how many bytes it must unpack to, already checked against what memory allows
   */
  static byte[] unpack(CompressionCodecName codec, byte[] packed, int from, int size)
      throws IOException {
    try {
      return decode(codec, packed, from, size);
    } catch (LinkageError | SnappyError e) {
      throw noNativeCode(codec, e);
    }
  }

  /** Packs one page with zstd. */
  static byte[] pack(byte[] page) throws IOException {
    try {
      return Zstd.compress(page, ZSTD_LEVEL);
    } catch (LinkageError e) {
      throw noNativeCode(CompressionCodecName.ZSTD, e);
    }
  }

  /** Fails in words, before anything is written, where there is no zstd. */
  static void requireZstd() throws IOException {
    pack(new byte[0]);
  }

  private static IOException noNativeCode(CompressionCodecName codec, Error e) {
    return new IOException(
        "%s needs native code, and there is none for %s %s"
            .formatted(codec, System.getProperty("os.name"), System.getProperty("os.arch")),
        e);
  }

  private static byte[] decode(CompressionCodecName codec, byte[] packed, int from, int size)
      throws IOException {
    int length = packed.length - from;
    byte[] page;
    switch (codec) {
      case UNCOMPRESSED -> page = Arrays.copyOfRange(packed, from, packed.length);
      case SNAPPY -> {
        expect(size, Snappy.uncompressedLength(packed, from, length));
        page = new byte[size];
        expect(size, Snappy.uncompress(packed, from, length, page, 0));
      }
      case ZSTD -> {
        page = new byte[size];
        long n = Zstd.decompressByteArray(page, 0, size, packed, from, length);
        if (Zstd.isError(n)) {
          throw new IOException("a page is no zstd data: " + Zstd.getErrorName(n));
        }
        expect(size, n);
      }
      case GZIP -> {
        try (GZIPInputStream in =
            new GZIPInputStream(new ByteArrayInputStream(packed, from, length))) {
          page = in.readNBytes(size);
          expect(size, in.read() < 0 ? page.length : size + 1L);
        }
      }
      case LZ4_RAW -> {
        page = new byte[size];
        try {
          expect(
              size,
              LZ4Factory.safeInstance()
                  .safeDecompressor()
                  .decompress(packed, from, length, page, 0));
        } catch (LZ4Exception e) {
          throw new IOException("a page is no lz4 data: " + e.getMessage(), e);
        }
      }
      default -> throw new IOException("compressed with " + codec);
    }
    expect(size, page.length);
    return page;
  }

  private static void expect(int size, long found) throws IOException {
    if (found != size) {
      throw new IOException(
          "a page unpacks to %,d bytes instead of %,d; the file is damaged".formatted(found, size));
    }
  }
}
