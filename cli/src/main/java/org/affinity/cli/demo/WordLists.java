/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.demo;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * What titles and names are made of.
 *
 * @param shared nouns that every genre uses, so that a word does not give away the genre
 * @param givenNames first names
 * @param familyNames last names
 * @param genres the genres, with words of their own
 */
record WordLists(
    List<String> shared, List<String> givenNames, List<String> familyNames, List<Genre> genres) {

  /**
   * A genre's words.
   *
   * @param name the genre
   * @param adjectives its adjectives
   * @param nouns its nouns
   * @param patterns its titles, with {@code {s}} for a shared noun, {@code {n}} and {@code {a}}
   */
  record Genre(String name, List<String> adjectives, List<String> nouns, List<String> patterns) {}

  /** The lists that come with the program. */
  static WordLists load() {
    try (InputStream in = WordLists.class.getResourceAsStream("words.json")) {
      return new JsonMapper().readValue(in, WordLists.class);
    } catch (IOException e) {
      throw new UncheckedIOException("words.json is part of the program", e);
    }
  }
}
