/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

/**
 * A line of two fields. Between tabs all is text; between commas a field may stand in double
 * quotes, with a quote in it doubled (RFC 4180).
 */
record PairLine(char separator) {
  /** Two fields. */
  record Pair(String first, String second) {}

  /** Tabs if a line has one, else commas. */
  static PairLine like(String line) {
    return new PairLine(line.indexOf('\t') >= 0 ? '\t' : ',');
  }

  /** Throws with a reason where there are not two fields. */
  Pair parse(String line) {
    StringBuilder field = new StringBuilder();
    int at = field(line, 0, field);
    String first = field.toString();
    if (at >= line.length()) {
      throw new IllegalArgumentException("one field instead of two" + hint());
    }
    field.setLength(0);
    at = field(line, at + 1, field);
    if (at < line.length()) {
      throw new IllegalArgumentException("more than two fields" + hint());
    }
    return new Pair(first, field.toString());
  }

  private String hint() {
    return separator == '\t' ? ", separated by a tab" : ", separated by a comma";
  }

  /** Reads a field; returns where its separator, or the line's end, is. */
  private int field(String line, int from, StringBuilder field) {
    if (separator == '\t' || from >= line.length() || line.charAt(from) != '"') {
      int end = line.indexOf(separator, from);
      end = end < 0 ? line.length() : end;
      field.append(line, from, end);
      return end;
    }
    int at = from + 1;
    while (true) {
      int quote = line.indexOf('"', at);
      if (quote < 0) {
        throw new IllegalArgumentException("a double quote is not closed");
      }
      field.append(line, at, quote);
      at = quote + 1;
      if (at == line.length() || line.charAt(at) == separator) {
        return at;
      }
      if (line.charAt(at) != '"') {
        throw new IllegalArgumentException("text after a closing double quote");
      }
      field.append('"');
      at++;
    }
  }
}
