/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.blend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** 10,000 books with title, genres and authors, and factors learned from ratings. */
final class GoodbooksCatalogue implements Catalogue {

  private static final int READERS = 200;

  private final List<Item> items;
  private final List<float[]> readers;

  private GoodbooksCatalogue(List<Item> items, List<float[]> readers) {
    this.items = items;
    this.readers = readers;
  }

  /**
   * Reads the folder {@code goodbooks} of the data.
   *
   * @throws IOException if a file is missing, or is none of these
   */
  static GoodbooksCatalogue read(Path folder) throws IOException {
    List<float[]> vectors = vectors(folder.resolve("item-als64-gen2.fvecs.gz"), Integer.MAX_VALUE);
    Map<String, String> genres = new HashMap<>();
    for (Map<String, String> row : csv(folder.resolve("book_genres.csv.gz"))) {
      genres.put(row.get("book_id"), row.get("genres").replace(',', ' ').replace('-', ' '));
    }
    List<Item> items = new ArrayList<>();
    for (Map<String, String> row : csv(folder.resolve("books.csv.gz"))) {
      int id = Integer.parseInt(row.get("id"));
      items.add(
          new Item(
              row.get("title"),
              genres.getOrDefault(row.get("id"), ""),
              row.get("authors"),
              vectors.get(id - 1)));
    }
    return new GoodbooksCatalogue(
        items, vectors(folder.resolve("user-als64-gen2.fvecs.gz"), READERS));
  }

  /** Rows of int32 dimension and float32 values, little-endian. */
  private static List<float[]> vectors(Path file, int most) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      List<float[]> vectors = new ArrayList<>();
      byte[] head = in.readNBytes(Integer.BYTES);
      while (head.length == Integer.BYTES && vectors.size() < most) {
        int dimension = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt();
        float[] vector = new float[dimension];
        ByteBuffer.wrap(in.readNBytes(dimension * Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer()
            .get(vector);
        vectors.add(vector);
        head = in.readNBytes(Integer.BYTES);
      }
      return vectors;
    }
  }

  private static List<Map<String, String>> csv(Path file) throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      List<String> names = fields(in.readLine());
      List<Map<String, String>> rows = new ArrayList<>();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        List<String> values = fields(line);
        if (values.size() != names.size()) {
          throw new IOException(
              file + ", row " + (rows.size() + 1) + ": " + values.size() + " fields");
        }
        Map<String, String> row = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
          row.put(names.get(i), values.get(i));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        if (quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
          field.append(c);
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (c == ',' && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }

  @Override
  public String name() {
    return "goodbooks";
  }

  @Override
  public int size() {
    return items.size();
  }

  @Override
  public int dimension() {
    return items.get(0).vector().length;
  }

  @Override
  public Item item(int number) {
    return items.get(number);
  }

  @Override
  public List<float[]> readers() {
    return readers;
  }

  @Override
  public List<Integer> targets() {
    return List.of(100, 3000);
  }
}
