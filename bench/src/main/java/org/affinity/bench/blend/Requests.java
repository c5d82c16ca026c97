/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.blend;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The bodies of the searches. All blends are one formula: relevance by saturation at a pivot that
 * stands in the request, a sigmoid of the inner product, weights 1 and 0.4.
 */
final class Requests {

  static final String TASTE = "taste";

  /** The vector once more, as a sorted array of doc values; see {@link #script}. */
  static final String ARRAY = "taste_array";

  static final double HALF_STEP = 4;
  static final double WEIGHT = 0.4;
  static final int FUSED = 100;

  private static final int SIZE = 10;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Doc values forget the order of an array. Coordinate i is stored with 2 · {@link #HALF_STEP} · i
   * added, which puts them back in order: one field, read in one go, instead of one field a
   * coordinate.
   */
  private static final String SCRIPT =
      """
      org.opensearch.index.fielddata.ScriptDocValues.Doubles v = doc['%s'];
      double x = 0;
      if (v.size() > 0) {
        for (int i = 0; i < params.d; i++) {
          x += (v.get(i).doubleValue() - %s * i) * params.q[i];
        }
        x = %s / (1 + Math.exp(-params.scale * x));
      }
      return _score / (_score + params.pivot) + x;
      """
          .formatted(ARRAY, 2 * HALF_STEP, WEIGHT);

  private final double pivot;
  private final double scale;

  /**
   * @param pivot relevance that maps to one half
   * @param scale of the sigmoid
   */
  Requests(double pivot, double scale) {
    this.pivot = pivot;
    this.scale = scale;
  }

  static String plain(String word, int size) {
    return search(keywords(word), size);
  }

  static String nearest(float[] reader, int size) {
    ObjectNode query = JSON.createObjectNode();
    ObjectNode taste = query.putObject("nearest").putObject(TASTE);
    taste.set("vector", array(reader));
    taste.put("k", size);
    return search(query, size);
  }

  String blend(String word, float[] reader, String precision) {
    ObjectNode affinity = JSON.createObjectNode();
    affinity.set("vector", array(reader));
    return blend(word, affinity, precision);
  }

  /** The reader's vector by reference. */
  String blendOf(String word, String index, String id) {
    ObjectNode affinity = JSON.createObjectNode();
    affinity.putObject("from").putObject("document").put("index", index).put("id", id);
    return blend(word, affinity, "exact");
  }

  private String blend(String word, ObjectNode affinity, String precision) {
    ObjectNode query = JSON.createObjectNode();
    ObjectNode blend = query.putObject("blend");
    blend.set("query", keywords(word));
    blend.putObject("relevance").putObject("function").putObject("saturation").put("pivot", pivot);
    affinity.put("field", TASTE).put("weight", WEIGHT);
    affinity.putObject("function").putObject("sigmoid").put("scale", scale);
    blend.putArray("affinities").add(affinity);
    blend.put("precision", precision);
    return search(query, SIZE);
  }

  String script(String word, float[] reader) {
    ObjectNode query = JSON.createObjectNode();
    ObjectNode scored = query.putObject("script_score");
    scored.set("query", keywords(word));
    ObjectNode script = scored.putObject("script").put("source", SCRIPT);
    ObjectNode params = script.putObject("params");
    params.set("q", array(reader));
    params.put("d", reader.length).put("pivot", pivot).put("scale", scale);
    return search(query, SIZE);
  }

  private static ObjectNode keywords(String word) {
    ObjectNode query = JSON.createObjectNode();
    ObjectNode match = query.putObject("multi_match").put("query", word);
    match.putArray("fields").add("title^2").add("tags").add("body");
    return query;
  }

  private static String search(ObjectNode query, int size) {
    ObjectNode search = JSON.createObjectNode();
    search.put("size", size).put("_source", false);
    search.set("query", query);
    return search.toString();
  }

  private static ArrayNode array(float[] vector) {
    ArrayNode array = JSON.createArrayNode();
    for (float value : vector) {
      array.add(value);
    }
    return array;
  }
}
