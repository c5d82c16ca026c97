/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

/** What a pipeline may not say to the processors that fetch; what they do is in the cluster's. */
public class FetchingConfigTests extends ProcessorTestCase {

  private static final String LOOKUP = "\"index\": \"readers\", \"target_field\": \"taste\"";

  public void testLookup() throws Exception {
    processor("embedding_lookup", "{\"field\": \"reader\", " + LOOKUP + "}");
    processor(
        "embedding_lookup", "{\"id\": \"x-{{reader}}\", \"timeout\": \"5s\", " + LOOKUP + "}");
    assertConfigRefused("embedding_lookup", "{" + LOOKUP + "}", "[field] or a template [id]");
    assertConfigRefused(
        "embedding_lookup", "{\"field\": \"a\", \"id\": \"b\", " + LOOKUP + "}", "not both");
    assertConfigRefused(
        "embedding_lookup", "{\"field\": \"a\", \"target_field\": \"b\"}", "[index] required");
    assertConfigRefused(
        "embedding_lookup", "{\"field\": \"a\", \"index\": \"b\"}", "[target_field] required");
    assertConfigRefused(
        "embedding_lookup",
        "{\"field\": \"a\", \"index\": \"b*\", \"target_field\": \"c\"}",
        "[index] must name one index or alias");
    for (String timeout : new String[] {"soon", "0s", "-1", "11m"}) {
      assertConfigRefused(
          "embedding_lookup",
          "{\"field\": \"a\", \"timeout\": \"" + timeout + "\", " + LOOKUP + "}",
          "[timeout] must be",
          "[" + timeout + "]");
    }
    assertConfigRefused(
        "embedding_lookup",
        "{\"field\": \"a\", \"index\": \"b\", \"target_field\": \"x{{y}}\"}",
        "[source_field] is needed");
    assertConfigRefused("embedding_lookup", "{\"field\": \"a\", \"x\": 1, " + LOOKUP + "}", "[x]");
  }

  public void testCombine() throws Exception {
    processor("embedding_combine", combine("\"weight\": 0.5, \"id_prefix\": \"c:\"", "mean"));
    assertConfigRefused(
        "embedding_combine", "{\"target_field\": \"v\"}", "[inputs] required property is missing");
    assertConfigRefused(
        "embedding_combine", "{\"target_field\": \"v\", \"inputs\": []}", "[inputs] must hold");
    assertConfigRefused(
        "embedding_combine", "{\"target_field\": \"v\", \"inputs\": [3]}", "must hold objects");
    assertConfigRefused(
        "embedding_combine", combine("\"wieght\": 2", "sum"), "unknown option(s) [wieght]");
    for (String weight : new String[] {"0", "-1", "\"x\"", "1e7"}) {
      assertConfigRefused(
          "embedding_combine",
          combine("\"weight\": " + weight, "sum"),
          "[weight] must be a number");
    }
    assertConfigRefused(
        "embedding_combine", combine("\"dimension\": 0", "concat"), "[dimension] must be between");
    assertConfigRefused(
        "embedding_combine", combine("\"weight\": 1", "max"), "[sum, mean, concat], got [max]");
  }

  private static String combine(String option, String how) {
    return "{\"target_field\": \"v\", \"combine\": \""
        + how
        + "\", \"inputs\": [{\"field\": \"a\", \"index\": \"b\", \"source_field\": \"c\", "
        + option
        + "}]}";
  }

  public void testBloom() throws Exception {
    processor("embedding_hash", bloom("\"rows\": 50, \"seeds\": [1, 2]"));
    assertConfigRefused("embedding_hash", bloom("\"hashes\": 2"), "[rows] required");
    assertConfigRefused("embedding_hash", bloom("\"rows\": 0"), "[rows] must be between 1");
    assertConfigRefused(
        "embedding_hash",
        bloom("\"rows\": 9, \"hashes\": 25"),
        "[hashes] must be between 1 and 24");
    assertConfigRefused(
        "embedding_hash",
        bloom("\"rows\": 9, \"hashes\": 1, \"seeds\": [1]"),
        "exclude each other");
    assertConfigRefused(
        "embedding_hash", bloom("\"rows\": 9, \"seeds\": [1, \"x\"]"), "[seeds] must be a whole");
    assertConfigRefused("embedding_hash", bloom("\"rows\": 9, \"seeds\": []"), "[seeds] must hold");
    assertConfigRefused(
        "embedding_hash", bloom("\"rows\": 9, \"key_type\": \"int64\""), "[auto, int32, text]");
    assertConfigRefused("embedding_hash", "{\"method\": \"minhash\"}", "[signed, bloom]");
    assertConfigRefused("embedding_hash", "{}", "[method] required property is missing");
  }

  private static String bloom(String options) {
    return "{\"method\": \"bloom\", \"field\": \"a\", \"index\": \"b\", \"source_field\": \"c\","
        + " \"target_field\": \"v\", "
        + options
        + "}";
  }
}
