/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.demo;

import java.util.List;

/**
 * Books and the people who read them, in one embedding space.
 *
 * @param origin a sentence on where they come from
 * @param books the books
 * @param readers the readers
 * @param mainGenres the genres fit to describe a taste with; books may have others too
 */
record Catalogue(String origin, List<Book> books, List<Reader> readers, List<String> mainGenres) {
  int dimension() {
    return books.getFirst().vector().length;
  }
}
