/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.nio.charset.StandardCharsets;

/**
 * A line of a word and as many numbers as the dimension, between spaces. The numbers are the last
 * ones, so a word may have spaces in it, as some of GloVe's do. One per reader, for one thread.
 */
final class WordLine {
  private final DecimalParser numbers = new DecimalParser();
  private final int dimension;
  private int wordFrom;
  private int wordTo;
  private String fault;

  WordLine(int dimension) {
    this.dimension = dimension;
  }

  /** The numbers of a line, or null with a {@link #fault()}; sets the place of the word. */
  float[] parse(byte[] line, int length) {
    fault = null;
    int tokens = tokens(line, length);
    wordFrom = skipSpaces(line, 0, length);
    wordTo = wordFrom;
    if (tokens <= dimension) {
      return fail("%,d numbers instead of %,d".formatted(Math.max(0, tokens - 1), dimension));
    }
    float[] vector = new float[dimension];
    int end = length;
    for (int i = dimension - 1; i >= 0; i--) {
      end = backOverSpaces(line, end);
      int start = backOverToken(line, end);
      try {
        vector[i] = numbers.parse(line, start, end);
      } catch (NumberFormatException e) {
        return fail("vector[" + i + "] is not a number: '" + quote(line, start, end) + "'");
      }
      end = start;
    }
    wordTo = backOverSpaces(line, end);
    if (tokens - 1 > dimension && endsInFraction(line)) {
      return fail("%,d numbers instead of %,d".formatted(tokens - 1, dimension));
    }
    return vector;
  }

  /** Where the word starts. */
  int wordFrom() {
    return wordFrom;
  }

  /** Where the word ends; where it starts if it could not be told from the numbers. */
  int wordTo() {
    return wordTo;
  }

  String fault() {
    return fault;
  }

  private float[] fail(String reason) {
    fault = reason;
    return null;
  }

  /** A word of two parts whose last is a number with a fraction: a number too many. */
  private boolean endsInFraction(byte[] line) {
    int start = backOverToken(line, wordTo);
    for (int i = start; i < wordTo; i++) {
      if (line[i] == '.') {
        return numbers.isNumber(line, start, wordTo);
      }
    }
    return false;
  }

  /** How many parts a line has, with spaces between them. */
  static int tokens(byte[] line, int length) {
    int tokens = 0;
    boolean between = true;
    for (int i = 0; i < length; i++) {
      boolean space = line[i] == ' ';
      if (between && !space) {
        tokens++;
      }
      between = space;
    }
    return tokens;
  }

  private static int skipSpaces(byte[] line, int from, int length) {
    int at = from;
    while (at < length && line[at] == ' ') {
      at++;
    }
    return at;
  }

  private static int backOverSpaces(byte[] line, int end) {
    int at = end;
    while (at > 0 && line[at - 1] == ' ') {
      at--;
    }
    return at;
  }

  private static int backOverToken(byte[] line, int end) {
    int at = end;
    while (at > 0 && line[at - 1] != ' ') {
      at--;
    }
    return at;
  }

  private static String quote(byte[] line, int from, int to) {
    return new String(line, from, Math.min(to - from, 40), StandardCharsets.UTF_8);
  }
}
