/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Writes the files that tests read. */
public final class SampleFiles {
  private SampleFiles() {}

  public static byte[] fvecsRow(float... vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Integer.BYTES + vector.length * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(vector.length);
    for (float v : vector) {
      bytes.putFloat(v);
    }
    return bytes.array();
  }

  public static Path fvecs(Path file, float[]... vectors) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (float[] vector : vectors) {
      out.writeBytes(fvecsRow(vector));
    }
    return Files.write(file, out.toByteArray());
  }

  /** Rows of dimension 4 whose first number is the row's own. */
  public static Path numberedFvecs(Path file, int rows) throws IOException {
    float[][] vectors = new float[rows][];
    for (int i = 0; i < rows; i++) {
      vectors[i] = new float[] {i + 1, 0.5f, -1, 1e-8f};
    }
    return fvecs(file, vectors);
  }

  public static Path zipped(Path file) throws IOException {
    Path zipped = file.resolveSibling(file.getFileName() + ".zipped");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      Files.copy(file, out);
    }
    return zipped;
  }

  public static List<Row> readAll(EmbeddingReader reader) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (var row = reader.next(); row.isPresent(); row = reader.next()) {
      rows.add(row.get());
    }
    return rows;
  }
}
