/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.util.ArrayList;
import java.util.List;
import org.affinity.ingest.EmbeddingSource;

/** Tells a record of names from one of data. */
final class CsvHeader {
  private CsvHeader() {}

  /**
   * True if the options say so; or if no column holds a number, which a row of data does even where
   * it is broken; or if the columns are numbered from 0, as pandas does. That may be a vector too,
   * so it needs the sign of an id column's name, or an id list, which would be a row short.
   */
  static boolean is(CsvRecords first, EmbeddingSource source, CsvOptions options) {
    if (options.header().isPresent()) {
      return options.header().get();
    }
    VectorText numbers = new VectorText();
    boolean data = false;
    for (int i = 0; i < first.size(); i++) {
      data |= numbers.count(first.bytes(), first.start(i), first.end(i)) > 0;
    }
    if (!data) {
      return true;
    }
    List<String> names = names(first);
    String start = names.getFirst();
    boolean named = start.isEmpty() || start.equals(source.idField());
    return (named && isNumbered(names.subList(1, names.size())))
        || (source.ids().isPresent() && isNumbered(names));
  }

  private static boolean isNumbered(List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      if (!names.get(i).equals(Integer.toString(i))) {
        return false;
      }
    }
    return names.size() > 1;
  }

  static List<String> names(CsvRecords first) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      names.add(Utf8.decode(first.bytes(), first.start(i), first.end(i)).orElse("").strip());
    }
    return names;
  }
}
