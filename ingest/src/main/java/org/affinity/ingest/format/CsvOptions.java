/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.util.Optional;

/**
 * What is known of a table beforehand; the rest is told by its first records.
 *
 * @param delimiter what stands between columns
 * @param header true if the first record has the names of the columns, false if it has data
 * @param vectorColumns the first and the last column of the vector, as names or numbers from 1,
 *     with two dots between them: {@code 2..65}, {@code v0..v63}
 * @param given which names were chosen
 */
public record CsvOptions(
    Optional<Character> delimiter,
    Optional<Boolean> header,
    Optional<String> vectorColumns,
    NamesGiven given) {
  /** Nothing. */
  public static final CsvOptions NONE =
      new CsvOptions(Optional.empty(), Optional.empty(), Optional.empty(), NamesGiven.NONE);

  /** Refuses a delimiter that is none. */
  public CsvOptions {
    if (delimiter.filter(each -> each > 127 || each == '"' || each == '\n').isPresent()) {
      throw new IllegalArgumentException(
          "a delimiter is one character of ASCII, such as a comma, and no quote");
    }
  }
}
