/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.affinity.bench.report.VecsFile;

/** Files of plain float32 rows, and what else is kept from run to run. */
final class VectorFile {

  private static final int BUFFER = 1 << 16;

  private VectorFile() {}

  /** Decodes a file into plain rows, unless that was done before, and maps them. */
  static Vectors open(Path source, Path plain) throws IOException {
    int dimension = VecsFile.dimension(source);
    if (Files.notExists(plain)) {
      write(
          plain,
          out -> {
            ByteBuffer row = ByteBuffer.allocate(dimension * Float.BYTES);
            row.order(ByteOrder.LITTLE_ENDIAN);
            VecsFile.read(
                source,
                vector -> {
                  if (vector.length != dimension) {
                    throw new IOException(
                        source + ": rows of " + dimension + " and of " + vector.length + " values");
                  }
                  row.asFloatBuffer().put(vector);
                  out.write(row.array());
                });
          });
    }
    return Vectors.map(plain, dimension);
  }

  /** Writes a file that is there as a whole or not at all. */
  static void write(Path file, Body body) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), BUFFER)) {
      body.write(out);
    }
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** What a file holds. */
  @FunctionalInterface
  interface Body {
    void write(OutputStream out) throws IOException;
  }
}
