/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** A folder of real data: gzipped rows of numbers, and gzipped lines. */
record DataFolder(Path folder) {

  boolean has(String name) {
    return Files.exists(file(name));
  }

  /** Where a file is, named without its {@code .gz}. */
  Path file(String name) {
    return folder.resolve(name + ".gz");
  }

  List<String> lines(String name) throws IOException {
    try (InputStream in = open(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  /** Rows of float32. */
  List<float[]> fvecs(String name) throws IOException {
    List<float[]> rows = new ArrayList<>();
    for (ByteBuffer row : vecs(name)) {
      float[] values = new float[row.remaining() / 4];
      row.asFloatBuffer().get(values);
      rows.add(values);
    }
    return rows;
  }

  /** Rows of int32. */
  List<int[]> ivecs(String name) throws IOException {
    List<int[]> rows = new ArrayList<>();
    for (ByteBuffer row : vecs(name)) {
      int[] values = new int[row.remaining() / 4];
      row.asIntBuffer().get(values);
      rows.add(values);
    }
    return rows;
  }

  private List<ByteBuffer> vecs(String name) throws IOException {
    List<ByteBuffer> rows = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(open(name))) {
      while (true) {
        int dimension;
        try {
          dimension = Integer.reverseBytes(in.readInt());
        } catch (EOFException e) {
          return rows;
        }
        byte[] bytes = new byte[4 * dimension];
        in.readFully(bytes);
        rows.add(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
      }
    }
  }

  InputStream open(String name) throws IOException {
    return new GZIPInputStream(Files.newInputStream(file(name)), 1 << 16);
  }
}
