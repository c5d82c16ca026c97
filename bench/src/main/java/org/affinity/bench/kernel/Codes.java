/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.kernel;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** Random bytes, mapped from a file that is gone afterwards, as an index is. */
final class Codes {

  private static final int PIECE = 1 << 20;

  private Codes() {}

  /** The first bytes are repeated after a megabyte: they are read, never compressed. */
  static MemorySegment mapped(int bytes, Arena arena) {
    return mapped(random(Math.min(bytes, PIECE)), bytes, arena);
  }

  static MemorySegment mapped(byte[] piece, int bytes, Arena arena) {
    try {
      Path file = Files.createTempFile("affinity-kernels-", ".bin");
      try (OutputStream out = Files.newOutputStream(file)) {
        for (int written = 0; written < bytes; written += piece.length) {
          out.write(piece, 0, Math.min(piece.length, bytes - written));
        }
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        return channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] random(int bytes) {
    byte[] piece = new byte[bytes];
    new Random(5).nextBytes(piece);
    return piece;
  }

  static float[] floats(int count, int seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
