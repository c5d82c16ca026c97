/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** One document found. */
record Hit(String id, float score) {

  /** Those of a search's answer. */
  static List<Hit> of(JsonNode answer) {
    List<Hit> hits = new ArrayList<>();
    for (JsonNode hit : answer.path("hits").path("hits")) {
      hits.add(new Hit(hit.path("_id").asText(), hit.path("_score").floatValue()));
    }
    return hits;
  }

  static List<String> ids(List<Hit> hits) {
    return hits.stream().map(Hit::id).toList();
  }
}
