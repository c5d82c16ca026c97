/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first line of a word2vec file: how many rows, and their dimension. DL4J adds a third number.
 *
 * @param rows how many rows are promised
 * @param dimension as claimed, unchecked
 */
record WordHeader(long rows, long dimension) {
  private static final Pattern LINE = Pattern.compile("(\\d{1,18}) (\\d{1,18})( \\d+)?\\s*");

  static Optional<WordHeader> parse(String line) {
    Matcher matcher = LINE.matcher(line);
    return matcher.matches()
        ? Optional.of(
            new WordHeader(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  static Optional<WordHeader> parse(byte[] bytes, int length) {
    return parse(new String(bytes, 0, Math.min(length, 80), StandardCharsets.ISO_8859_1));
  }

  int checkedDimension() throws IOException {
    return Shape.dimension(dimension);
  }
}
