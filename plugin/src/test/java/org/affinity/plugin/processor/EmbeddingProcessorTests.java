/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.List;
import org.affinity.plugin.vector.VectorContent;
import org.opensearch.ingest.IngestDocument;

public class EmbeddingProcessorTests extends ProcessorTestCase {

  private static final String TASTE = "{\"field\": \"taste\"}";

  public void testEveryFormBecomesTheSameArray() throws Exception {
    String half = base64Halves(0.5f, -2f, 1.25f);
    for (String form :
        List.of(
            "[0.5, -2, 1.25]",
            quoted(base64(0.5f, -2f, 1.25f)),
            quoted(half),
            "\"0.5,-2,1.25\"",
            "\" 0.5 -2\\t1.25 \"",
            "\"[0.5, -2, 1.25]\"",
            "\"5e-1, -2, 1.25\"")) {
      IngestDocument document = run("embedding", TASTE, "{\"taste\": " + form + "}");
      assertEquals(form, floats(0.5f, -2f, 1.25f), document.getFieldValue("taste", List.class));
    }
    IngestDocument encoded =
        run(
            "embedding",
            "{\"field\": \"v\", \"encoding\": \"float16\"}",
            "{\"v\": " + quoted(half) + "}");
    assertEquals(floats(0.5f, -2f, 1.25f), encoded.getFieldValue("v", List.class));
  }

  public void testBothOutputsKeepEveryFloatExactly() throws Exception {
    for (int round = 0; round < 200; round++) {
      float[] vector = new float[3];
      for (int i = 0; i < 3; i++) {
        do {
          vector[i] = Float.intBitsToFloat(randomInt());
        } while (!Float.isFinite(vector[i]));
      }
      for (String output : List.of("array", "base64")) {
        IngestDocument document =
            run(
                "embedding",
                "{\"field\": \"taste\", \"output\": \"" + output + "\"}",
                "{\"taste\": " + quoted(base64(vector)) + "}");
        Object stored = json(source(document)).get("taste");
        assertArrayEquals(vector, VectorContent.fromSource(stored, "taste"), 0);
      }
    }
  }

  public void testNormalizes() throws Exception {
    IngestDocument document =
        run("embedding", "{\"field\": \"taste\", \"normalize\": true}", "{\"taste\": [0, 3, 4]}");
    assertEquals(floats(0, 0.6f, 0.8f), document.getFieldValue("taste", List.class));
    assertDocumentRefused(
        "embedding",
        "{\"field\": \"taste\", \"normalize\": true}",
        "{\"taste\": [0, 0, 0]}",
        "field [taste] of document [books/b1] is a zero vector");
  }

  public void testStampsModelAndVersion() throws Exception {
    IngestDocument document =
        run(
            "embedding",
            "{\"field\": \"raw\", \"target_field\": \"taste\", \"model\": \"als\", \"version\": 7}",
            "{\"raw\": \"1 2 3\"}");
    assertEquals("als", document.getFieldValue("taste_model", String.class));
    assertEquals("7", document.getFieldValue("taste_version", String.class));
    assertEquals("1 2 3", document.getFieldValue("raw", String.class));
    IngestDocument named =
        run(
            "embedding",
            "{\"field\": \"taste\", \"model\": \"als\", \"model_field\": \"from.model\"}",
            "{\"taste\": [1, 2, 3]}");
    assertEquals("als", named.getFieldValue("from.model", String.class));
  }

  public void testMissingFailsOrIsSkipped() throws Exception {
    for (String source : List.of("{}", "{\"taste\": null}")) {
      assertDocumentRefused(
          "embedding",
          TASTE,
          source,
          "field [taste] of document [books/b1] is missing",
          "[ignore_missing: true]");
      IngestDocument skipped =
          run(
              "embedding",
              "{\"field\": \"taste\", \"ignore_missing\": true, \"model\": \"m\"}",
              source);
      assertFalse(skipped.hasField("taste_model"));
    }
  }

  public void testTheDimensionComesFromTheMappingOrTheOption() throws Exception {
    assertDocumentRefused(
        "embedding",
        TASTE,
        "{\"taste\": [1, 2]}",
        "field [taste] of document [books/b1] has [2] values, [dimension: 3] is needed");
    assertDocumentRefused(
        "embedding",
        "{\"field\": \"x\", \"target_field\": \"user.taste\"}",
        "{\"x\": [1, 2, 3]}",
        "[dimension: 2]");
    assertDocumentRefused(
        "embedding", "{\"field\": \"taste\", \"dimension\": 4}", "{\"taste\": [1, 2, 3]}", "[3]");
    run("embedding", "{\"field\": \"title\"}", "{\"title\": [1, 2, 3, 4, 5]}");
    assertDocumentRefused(
        "embedding",
        "{\"field\": \"x\"}",
        "{\"x\": " + quoted(base64(1, 2)) + "}",
        "cannot be told apart; set [dimension] or [encoding]");
  }

  public void testRefusesWhatIsNoVector() {
    assertDocumentRefused("embedding", TASTE, "{\"taste\": [1, \"x\", 3]}", "at position [1]");
    assertDocumentRefused("embedding", TASTE, "{\"taste\": [1, 2, 1e300]}", "at position [2]");
    assertDocumentRefused("embedding", TASTE, "{\"taste\": [[1, 2, 3]]}", "not a number");
    assertDocumentRefused("embedding", TASTE, "{\"taste\": []}", "has [0] values");
    assertDocumentRefused("embedding", TASTE, "{\"taste\": {\"a\": 1}}", "give an array");
    assertDocumentRefused("embedding", TASTE, "{\"taste\": 3}", "give an array");
    assertDocumentRefused("embedding", TASTE, "{\"taste\": \"\"}", "needs [12] as float32");
    assertDocumentRefused("embedding", TASTE, "{\"taste\": \"1,2,x\"}", "[x] at position [2]");
    assertDocumentRefused("embedding", TASTE, "{\"taste\": \"1,,2\"}", "[] at position [1]");
    assertDocumentRefused("embedding", TASTE, "{\"taste\": \"1,2,NaN\"}", "at position [2]");
    assertDocumentRefused("embedding", TASTE, "{\"taste\": \"%%%%\"}", "nor valid base64");
    assertDocumentRefused(
        "embedding",
        TASTE,
        "{\"taste\": " + quoted(base64(1, 2)) + "}",
        "base64 of [8] bytes; [dimension: 3] needs [12] as float32 or [6] as float16");
    assertDocumentRefused(
        "embedding",
        "{\"field\": \"taste\", \"encoding\": \"float32\"}",
        "{\"taste\": " + quoted(base64Halves(1, 2, 3)) + "}",
        "[6] bytes, not a multiple of 4 as float32 needs");
    assertDocumentRefused(
        "embedding",
        TASTE,
        "{\"taste\": " + quoted(base64(1, 2, Float.NaN)) + "}",
        "[NaN] at position [2]");
    assertDocumentRefused(
        "embedding", TASTE, "{\"taste\": \"" + "1,".repeat(300_000) + "1\"}", "too long");
  }

  public void testOverrideFalseKeepsWhatIsThere() throws Exception {
    String config = "{\"field\": \"raw\", \"target_field\": \"taste\", \"override\": false}";
    IngestDocument kept = run("embedding", config, "{\"raw\": [1, 2, 3], \"taste\": [4, 5, 6]}");
    assertEquals(List.of(4, 5, 6), kept.getFieldValue("taste", List.class));
    IngestDocument set = run("embedding", config, "{\"raw\": [1, 2, 3]}");
    assertEquals(floats(1, 2, 3), set.getFieldValue("taste", List.class));
  }

  public void testRefusesConfigurationsNamingTheProperty() {
    assertConfigRefused("embedding", "{}", "[field] required property is missing");
    assertConfigRefused("embedding", "{\"field\": \"\"}", "[field] must not be empty");
    assertConfigRefused("embedding", "{\"field\": \"a\", \"dimension\": 0}", "[dimension] must be");
    int max = ProcessorConfig.MAX_DIMENSION;
    assertConfigRefused(
        "embedding",
        "{\"field\": \"a\", \"dimension\": " + (max + 1) + "}",
        "between 1 and " + max);
    assertConfigRefused(
        "embedding", "{\"field\": \"a\", \"dimension\": \"x\"}", "[dimension] must be a whole");
    assertConfigRefused(
        "embedding",
        "{\"field\": \"a\", \"encoding\": \"float8\"}",
        "[encoding] must be one of [auto, float32, float16], got [float8]");
    assertConfigRefused("embedding", "{\"field\": \"a\", \"output\": \"x\"}", "[array, base64]");
    assertConfigRefused("embedding", "{\"field\": \"a\", \"normalize\": 3}", "[normalize]");
    assertConfigRefused("embedding", "{\"field\": \"a\", \"feild\": 3}", "[feild]");
    assertConfigRefused("embedding", "{\"field\": \"a\", \"model_field\": \"m\"}", "[model]");
    assertConfigRefused("embedding", "{\"field\": \"a\", \"override\": false}", "[override]");
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
