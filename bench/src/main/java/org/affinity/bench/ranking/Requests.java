/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.affinity.bench.ranking.RankingSet.Item;
import org.affinity.bench.ranking.RankingSet.JudgedQuery;
import org.affinity.bench.ranking.RankingSet.TextField;

/** The bodies of searches of one data set. */
final class Requests {

  static final String POPULARITY = "popularity";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final RankingSet set;
  private final int mostPopular;

  Requests(RankingSet set) {
    this.set = set;
    this.mostPopular = mostPopular(set.items());
  }

  private static int mostPopular(List<Item> items) {
    return Math.max(1, items.stream().mapToInt(Item::popularity).max().orElse(1));
  }

  /** By item, what the prior's function makes of its popularity: from 0 to 1. */
  static Map<String, Double> popularity(List<Item> items) {
    double most = Math.log1p(mostPopular(items));
    return items.stream()
        .collect(Collectors.toMap(Item::id, item -> Math.log1p(item.popularity()) / most));
  }

  /** The keyword query; what the person knows already is no match. */
  ObjectNode keywords(JudgedQuery query) {
    ObjectNode bool = JSON.createObjectNode();
    ObjectNode parts = bool.putObject("bool");
    ObjectNode match = parts.putObject("must").putObject("multi_match");
    match.put("query", query.text()).put("operator", set.allWords() ? "and" : "or");
    ArrayNode fields = match.putArray("fields");
    for (TextField field : set.texts()) {
      fields.add(field.name() + "^" + field.boost());
    }
    if (query.person() != null) {
      ArrayNode known = parts.putArray("must_not").addObject().putObject("ids").putArray("values");
      set.people().get(query.person()).known().forEach(known::add);
    }
    return bool;
  }

  String plain(JudgedQuery query, int size) {
    return search(keywords(query), size);
  }

  /** The nearest; of the matches, or of all if there is no filter. */
  String nearest(String field, ObjectNode reference, ObjectNode filter, int k) {
    ObjectNode query = JSON.createObjectNode();
    ObjectNode nearest = query.putObject("nearest").putObject(field);
    nearest.setAll(reference);
    nearest.put("k", k);
    if (filter != null) {
      nearest.set("filter", filter);
    }
    return search(query, k);
  }

  /**
   * A blend.
   *
   * @param affinity null for none
   * @param prior the weight of popularity; 0 for none
   * @param options members beside these, such as the precision
   */
  String blend(JudgedQuery query, ObjectNode affinity, double prior, ObjectNode options, int size) {
    ObjectNode outer = JSON.createObjectNode();
    ObjectNode blend = outer.putObject("blend");
    blend.set("query", keywords(query));
    if (affinity != null) {
      blend.putArray("affinities").add(affinity);
    }
    if (prior > 0) {
      ObjectNode popularity = blend.putArray("priors").addObject();
      popularity.put("field", POPULARITY).put("weight", prior);
      popularity.putObject("function").putObject("log").put("max", mostPopular);
    }
    blend.setAll(options);
    return search(outer, size);
  }

  /**
   * One affinity of a blend.
   *
   * @param scale of the sigmoid of inner products; NaN for the space's own function
   */
  static ObjectNode affinity(String field, ObjectNode reference, double weight, double scale) {
    ObjectNode affinity = JSON.createObjectNode();
    affinity.put("field", field).put("weight", weight);
    affinity.setAll(reference);
    if (!Double.isNaN(scale)) {
      affinity.putObject("function").putObject("sigmoid").put("scale", scale);
      // That of an inner product of 0: what training did not see is neither liked nor disliked.
      affinity.put("missing", 0.5);
    }
    return affinity;
  }

  static ObjectNode vector(float[] vector) {
    ObjectNode reference = JSON.createObjectNode();
    ArrayNode values = reference.putArray("vector");
    for (float value : vector) {
      values.add(value);
    }
    return reference;
  }

  static ObjectNode document(String index, String id, String field) {
    ObjectNode reference = JSON.createObjectNode();
    ObjectNode document = reference.putObject("from").putObject("document");
    document.put("index", index).put("id", id).put("field", field);
    return reference;
  }

  static ObjectNode likes(String index, List<String> ids, String field) {
    ObjectNode reference = JSON.createObjectNode();
    ObjectNode from = reference.putObject("from");
    ArrayNode likes = from.putArray("likes");
    ids.forEach(likes::add);
    from.put("index", index).put("field", field);
    return reference;
  }

  private static String search(ObjectNode query, int size) {
    ObjectNode search = JSON.createObjectNode();
    search.put("size", size).put("_source", false);
    search.set("query", query);
    return search.toString();
  }
}
