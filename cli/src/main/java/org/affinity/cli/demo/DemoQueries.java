/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.demo;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The two searches that the demo compares, as JSON. */
final class DemoQueries {
  private static final double TASTE = 0.6;
  private static final double POPULARITY = 0.2;

  private final JsonMapper mapper = new JsonMapper();
  private final int popularityPivot;
  private final double sigmoidScale;

  /**
   * The two numbers that depend on a catalogue.
   *
   * @param popularityPivot how many ratings make a book half as popular as can be
   * @param sigmoidScale what to multiply inner products by; factorizations differ in their size
   */
  DemoQueries(int popularityPivot, double sigmoidScale) {
    this.popularityPivot = popularityPivot;
    this.sigmoidScale = sigmoidScale;
  }

  /**
   * The queries for a catalogue: half popularity at its median, in tens, and a scale at which the
   * books nearest to a reader reach sigmoid(3) = 0.95, in one digit.
   */
  static DemoQueries of(Catalogue catalogue, List<Taste> readers) {
    List<Integer> sorted = catalogue.books().stream().map(Book::popularity).sorted().toList();
    int median = sorted.get(sorted.size() / 2);
    double strength = readers.stream().mapToDouble(Taste::strength).average().orElse(3);
    return new DemoQueries(
        Math.max(10, Math.round(median / 10f) * 10), oneDigit(3 / Math.max(0.003, strength)));
  }

  private static double oneDigit(double x) {
    double unit = Math.pow(10, Math.floor(Math.log10(x)));
    return Math.round(x / unit) * unit;
  }

  ObjectNode plain(String words) {
    return mapper.createObjectNode().set("query", keywords(words));
  }

  ObjectNode personalized(String words, String readerId) {
    ObjectNode body = mapper.createObjectNode();
    ObjectNode blend = body.putObject("query").putObject("blend");
    blend.set("query", keywords(words));
    ObjectNode relevance = blend.putObject("relevance").put("weight", 1.0);
    relevance.putObject("function").putObject("saturation").put("pivot", "auto");
    ObjectNode affinity = blend.putArray("affinities").addObject();
    affinity.put("field", DemoIndices.FIELD);
    affinity
        .putObject("from")
        .putObject("document")
        .put("index", DemoIndices.READERS)
        .put("id", readerId);
    affinity.put("weight", TASTE);
    affinity.putObject("function").putObject("sigmoid").put("scale", sigmoidScale);
    ObjectNode prior = blend.putArray("priors").addObject();
    prior.put("field", "popularity").put("weight", POPULARITY);
    prior.putObject("function").putObject("saturation").put("pivot", popularityPivot);
    return body;
  }

  ObjectNode nearest(String readerId, int k) {
    ObjectNode body = mapper.createObjectNode();
    ObjectNode field = body.putObject("query").putObject("nearest").putObject(DemoIndices.FIELD);
    field
        .putObject("from")
        .putObject("document")
        .put("index", DemoIndices.READERS)
        .put("id", readerId);
    field.put("k", k);
    return body;
  }

  private ObjectNode keywords(String words) {
    ObjectNode query = mapper.createObjectNode();
    query
        .putObject("multi_match")
        .put("query", words)
        .putArray("fields")
        .add("title^2")
        .add("authors");
    return query;
  }

  /** A command line that repeats a search and shows scores and titles. */
  static String curl(String url, ObjectNode body, int size) {
    return curl(url, body, size, "hits.hits._score,hits.hits._source.title");
  }

  /** A command line that shows the parts of the first hit's score. */
  static String explainingCurl(String url, ObjectNode body) {
    String parts = "hits.hits._explanation.details.";
    String shown = "hits.hits._source.title," + parts + "value," + parts + "description";
    return curl(url, body.put("explain", true), 1, shown);
  }

  private static String curl(String url, ObjectNode body, int size, String shown) {
    return "curl -s '%s/%s/_search?size=%d&pretty&filter_path=%s'"
            .formatted(url, DemoIndices.BOOKS, size, shown)
        + " -H 'Content-Type: application/json' -d '%s'"
            .formatted(body.toString().replace("'", "'\\''"));
  }
}
