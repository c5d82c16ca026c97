/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.LoadException;

/**
 * Which columns of a table hold what.
 *
 * @param columns how many there are
 * @param names their names, or empty without a header
 * @param id the column of the id, or -1 where ids are listed elsewhere
 * @param vectorFrom the first column of the vector
 * @param vectorTo the last; the same as the first where it is text with all numbers
 */
record CsvLayout(int columns, List<String> names, int id, int vectorFrom, int vectorTo) {
  private static final Pattern NUMBERED = Pattern.compile("(.*?)(\\d{1,9})");

  /**
   * Tells the layout.
   *
   * @param names the header, or empty
   * @param numbers how many numbers each column of the first row holds
   */
  static CsvLayout of(
      EmbeddingSource source, CsvOptions options, List<String> names, List<Integer> numbers)
      throws IOException {
    int id = source.ids().isPresent() ? -1 : idColumn(source, options, names, numbers.size());
    if (options.vectorColumns().isPresent()) {
      return ofRange(source, options.vectorColumns().get(), names, numbers.size(), id);
    }
    int vector = find(names, source.vectorField(), numbers.size(), options.given().vectorField());
    if (vector < 0 && options.given().vectorField()) {
      throw noColumn(source, "vector", source.vectorField(), names);
    }
    if (vector < 0) {
      vector = onlyColumnOfSeveralNumbers(source, numbers, id);
    }
    if (vector >= 0) {
      return new CsvLayout(numbers.size(), names, id, vector, vector);
    }
    return ofNumberColumns(source, names, numbers, id);
  }

  private static int idColumn(
      EmbeddingSource source, CsvOptions options, List<String> names, int columns)
      throws IOException {
    boolean chosen = options.given().idField();
    int column = find(names, source.idField(), columns, chosen);
    if (column < 0 && chosen) {
      throw noColumn(source, "id", source.idField(), names);
    }
    return Math.max(0, column);
  }

  /** The column of a name or, where it was chosen, of a number from 1; or -1. */
  private static int find(List<String> names, String wanted, int columns, boolean orNumber) {
    int named = names.indexOf(wanted);
    if (named < 0 && orNumber && wanted.matches("\\d{1,6}")) {
      int number = Integer.parseInt(wanted);
      return number <= columns ? number - 1 : -1;
    }
    return named;
  }

  private static CsvLayout ofRange(
      EmbeddingSource source, String range, List<String> names, int columns, int id)
      throws IOException {
    String[] ends = range.split("\\.\\.", 2);
    int from = find(names, ends[0], columns, true);
    int to = ends.length < 2 ? -1 : find(names, ends[1], columns, true);
    if (from < 0 || to < from) {
      throw new LoadException(
          "%s has no columns %s; say the first and the last, as in 2..65, by number or name%s"
              .formatted(source.path(), range, inWords(names)));
    }
    if (id >= from && id <= to) {
      throw new LoadException(
          "%s: column %d cannot be the id and in the vector".formatted(source.path(), id + 1));
    }
    return new CsvLayout(columns, names, id, from, to);
  }

  private static int onlyColumnOfSeveralNumbers(
      EmbeddingSource source, List<Integer> numbers, int id) throws IOException {
    int found = -1;
    for (int i = 0; i < numbers.size(); i++) {
      if (i != id && numbers.get(i) > 1) {
        if (found >= 0) {
          throw new LoadException(
              "%s has vectors in columns %d and %d; say --vector-field with one of them"
                  .formatted(source.path(), found + 1, i + 1));
        }
        found = i;
      }
    }
    return found;
  }

  /** Columns numbered on in their names; or else all but the id. */
  private static CsvLayout ofNumberColumns(
      EmbeddingSource source, List<String> names, List<Integer> numbers, int id)
      throws IOException {
    int bestFrom = 0;
    int bestTo = -1;
    int from = 0;
    for (int i = 1; i <= names.size(); i++) {
      if (i == names.size() || !follows(names.get(i - 1), names.get(i)) || i - 1 == id) {
        if (i - 1 - from > Math.max(0, bestTo - bestFrom)) {
          bestFrom = from;
          bestTo = i - 1;
        }
        from = i;
      }
    }
    if (bestTo > bestFrom) {
      return new CsvLayout(numbers.size(), names, id, bestFrom, bestTo);
    }
    int first = id == 0 ? 1 : 0;
    int last = id == numbers.size() - 1 ? id - 1 : numbers.size() - 1;
    if (last < first || (id > first && id < last)) {
      throw new LoadException(
          "%s: say --vector-columns FIRST..LAST, or --vector-field%s"
              .formatted(source.path(), inWords(names)));
    }
    return new CsvLayout(numbers.size(), names, id, first, last);
  }

  private static boolean follows(String name, String next) {
    Matcher one = NUMBERED.matcher(name);
    Matcher other = NUMBERED.matcher(next);
    return one.matches()
        && other.matches()
        && one.group(1).equals(other.group(1))
        && Integer.parseInt(other.group(2)) == Integer.parseInt(one.group(2)) + 1;
  }

  private static LoadException noColumn(
      EmbeddingSource source, String role, String wanted, List<String> names) {
    return new LoadException(
        "%s has no column '%s' for the %s; say its name or its number from 1%s"
            .formatted(source.path(), wanted, role, inWords(names)));
  }

  private static String inWords(List<String> names) {
    String all = String.join(", ", names.subList(0, Math.min(20, names.size())));
    return names.isEmpty() ? " (there is no header)" : "; the header has " + all;
  }

  boolean isOneColumn() {
    return vectorFrom == vectorTo;
  }

  /** True for a column that is neither id nor vector and has a name. */
  boolean isField(int column) {
    return column != id
        && (column < vectorFrom || column > vectorTo)
        && column < names.size()
        && !names.get(column).isEmpty();
  }
}
