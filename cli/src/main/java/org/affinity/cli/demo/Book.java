/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.affinity.ingest.Embedding;

/**
 * A book of the catalogue.
 *
 * @param id its id
 * @param card what a library card says of it
 * @param popularity its number of ratings
 * @param vector its embedding, not copied
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Book(String id, Card card, int popularity, float[] vector) {

  /**
   * The words of a book.
   *
   * @param title its title
   * @param series the series it is part of, or empty
   * @param authors its authors, comma-separated
   * @param genres its genres
   * @param year the year it appeared in, or 0 if unknown
   */
  record Card(String title, String series, String authors, List<String> genres, int year) {}

  Embedding toEmbedding() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", id);
    fields.put("title", card.title());
    if (!card.series().isEmpty()) {
      fields.put("series", card.series());
    }
    fields.put("authors", card.authors());
    fields.put("genres", card.genres());
    if (card.year() != 0) {
      fields.put("year", card.year());
    }
    fields.put("popularity", popularity);
    return new Embedding(id, vector, fields);
  }
}
