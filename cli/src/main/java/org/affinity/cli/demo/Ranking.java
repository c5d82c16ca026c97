/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A search's answer.
 *
 * @param hits the hits, best first
 * @param total how many documents match
 * @param why the parts of the first hit's score; without parts where none were asked for
 */
record Ranking(List<Hit> hits, long total, Why why) {

  /**
   * One hit.
   *
   * @param id the book
   * @param title its title
   */
  record Hit(String id, String title) {}

  static Ranking of(JsonNode response) {
    List<Hit> hits = new ArrayList<>();
    JsonNode found = response.path("hits").path("hits");
    for (JsonNode hit : found) {
      hits.add(new Hit(hit.path("_id").asText(), hit.path("_source").path("title").asText()));
    }
    return new Ranking(
        List.copyOf(hits),
        response.path("hits").path("total").path("value").asLong(),
        Why.of(found.path(0).path("_explanation")));
  }

  /** The position of a book, from 1, or 0 if it is not among the hits. */
  int rankOf(String id) {
    for (int i = 0; i < hits.size(); i++) {
      if (hits.get(i).id().equals(id)) {
        return i + 1;
      }
    }
    return 0;
  }
}
