/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
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
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Reads the goodbooks folder: 10,000 books, their readers, two generations of ALS factors. */
record GoodbooksData(Path folder) {

  boolean exists() {
    return Files.exists(folder.resolve("books.csv.gz"));
  }

  List<Map<String, String>> csv(String name) throws IOException {
    try (InputStream in = open(name);
        MappingIterator<Map<String, String>> rows =
            new CsvMapper()
                .readerForMapOf(String.class)
                .with(CsvSchema.emptySchema().withHeader())
                .readValues(in)) {
      return rows.readAll();
    }
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

  private InputStream open(String name) throws IOException {
    return new GZIPInputStream(Files.newInputStream(folder.resolve(name + ".gz")), 1 << 16);
  }
}
