/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.blend;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.affinity.bench.report.DataFiles;
import org.affinity.bench.report.VecsFile;

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
    List<float[]> vectors = VecsFile.vectors(folder.resolve("item-als64-gen2.fvecs.gz"));
    Map<String, String> genres = new HashMap<>();
    for (Map<String, String> row : DataFiles.csv(folder.resolve("book_genres.csv.gz"))) {
      genres.put(row.get("book_id"), row.get("genres").replace(',', ' ').replace('-', ' '));
    }
    List<Item> items = new ArrayList<>();
    for (Map<String, String> row : DataFiles.csv(folder.resolve("books.csv.gz"))) {
      int id = Integer.parseInt(row.get("id"));
      items.add(
          new Item(
              row.get("title"),
              genres.getOrDefault(row.get("id"), ""),
              row.get("authors"),
              vectors.get(id - 1)));
    }
    return new GoodbooksCatalogue(
        items, VecsFile.vectors(folder.resolve("user-als64-gen2.fvecs.gz")).subList(0, READERS));
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
