/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.List;
import org.opensearch.ingest.IngestDocument;

public class SignedHashProcessorTests extends ProcessorTestCase {

  private static String config(String options) {
    return "{\"method\": \"signed\", \"fields\": [\"brand\", \"tags\"], \"dimension\": 16,"
        + " \"target_field\": \"taste\""
        + options
        + "}";
  }

  public void testTokensAreFieldAndValueOfEveryField() throws Exception {
    IngestDocument document =
        run("embedding_hash", config(""), "{\"brand\": \"acme\", \"tags\": [\"red\", 3, null]}");
    assertEquals(
        floats(SignedHashProcessor.hash(List.of("brand=acme", "tags=red", "tags=3"), 16, 0)),
        document.getFieldValue("taste", List.class));
    IngestDocument bare =
        run("embedding_hash", config(", \"field_names\": false, \"seed\": 9"), "{\"tags\": \"x\"}");
    assertEquals(
        floats(SignedHashProcessor.hash(List.of("x"), 16, 9)),
        bare.getFieldValue("taste", List.class));
  }

  public void testNormalizesAndWritesBase64() throws Exception {
    IngestDocument document =
        run(
            "embedding_hash",
            config(", \"normalize\": true, \"output\": \"base64\""),
            "{\"brand\": \"acme\", \"tags\": [\"acme\"]}");
    float[] hash = SignedHashProcessor.hash(List.of("brand=acme", "tags=acme"), 16, 0);
    for (int i = 0; i < hash.length; i++) {
      hash[i] = (float) (hash[i] * (1 / Math.sqrt(2)));
    }
    assertEquals(base64(hash), document.getFieldValue("taste", String.class));
  }

  public void testMissingFailsOrIsSkippedAndOverrideKeeps() throws Exception {
    assertDocumentRefused(
        "embedding_hash", config(""), "{\"brand\": null}", "field [brand, tags] of document");
    assertFalse(
        run("embedding_hash", config(", \"ignore_missing\": true"), "{}").hasField("taste"));
    IngestDocument kept =
        run(
            "embedding_hash",
            config(", \"override\": false"),
            "{\"brand\": \"acme\", \"taste\": \"mine\"}");
    assertEquals("mine", kept.getFieldValue("taste", String.class));
  }

  public void testRefusesWhatHasNoToken() {
    assertDocumentRefused(
        "embedding_hash", config(""), "{\"brand\": {\"name\": \"x\"}}", "text and whole numbers");
    assertDocumentRefused(
        "embedding_hash", config(""), "{\"tags\": [\"a\", 1.5]}", "[1.5] at position [1]");
    String many = "\"x\",".repeat(DocumentField.MAX_VALUES) + "\"x\"";
    assertDocumentRefused(
        "embedding_hash", config(""), "{\"tags\": [" + many + "]}", "at most [1000] are taken");
  }

  public void testRefusesConfigurationsNamingTheProperty() {
    assertConfigRefused(
        "embedding_hash",
        "{\"method\": \"signed\", \"field\": \"a\", \"target_field\": \"b\"}",
        "[dimension] required property is missing");
    assertConfigRefused(
        "embedding_hash",
        "{\"method\": \"signed\", \"dimension\": 3, \"target_field\": \"b\"}",
        "[fields] or [field] is needed");
    assertConfigRefused("embedding_hash", config(", \"field\": \"a\""), "and not both");
    assertConfigRefused("embedding_hash", config(", \"rows\": 5"), "[rows]");
    assertConfigRefused("embedding_hash", config(", \"seed\": 3000000000"), "[seed] must be");
  }
}
