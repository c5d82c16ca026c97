/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads the goodbooks folder: 10,000 books, their readers, two generations of ALS factors. */
record GoodbooksData(Path folder) {

  boolean exists() {
    return files().has("books.csv");
  }

  List<Map<String, String>> csv(String name) throws IOException {
    try (InputStream in = files().open(name);
        MappingIterator<Map<String, String>> rows =
            new CsvMapper()
                .readerForMapOf(String.class)
                .with(CsvSchema.emptySchema().withHeader())
                .readValues(in)) {
      return rows.readAll();
    }
  }

  List<String> lines(String name) throws IOException {
    return files().lines(name);
  }

  /** Rows of float32. */
  List<float[]> fvecs(String name) throws IOException {
    return files().fvecs(name);
  }

  /** Rows of int32. */
  List<int[]> ivecs(String name) throws IOException {
    return files().ivecs(name);
  }

  private DataFolder files() {
    return new DataFolder(folder);
  }
}
