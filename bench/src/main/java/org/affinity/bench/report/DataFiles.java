/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Reads the data sets' gzipped text. */
public final class DataFiles {

  private DataFiles() {}

  /** The lines of a text file. */
  public static List<String> lines(Path file) throws IOException {
    try (BufferedReader in = reader(file)) {
      return in.lines().toList();
    }
  }

  /** Rows by the names in the first line; quoted fields may hold commas and doubled quotes. */
  public static List<Map<String, String>> csv(Path file) throws IOException {
    try (BufferedReader in = reader(file)) {
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

  private static BufferedReader reader(Path file) throws IOException {
    return new BufferedReader(
        new InputStreamReader(
            new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8));
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
}
