/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes requests of blocks. What has no head line is a part of a request: {@code
 * fixtures/docs-fragments.json} says by the first key where it goes, in place of {@code "@"}.
 */
final class DocsFragments {

  private static final String HERE = "@";

  private final ObjectMapper json =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
  private final JsonNode templates;

  DocsFragments() throws IOException {
    try (InputStream in =
        DocsFragments.class.getResourceAsStream("/fixtures/docs-fragments.json")) {
      templates = json.readTree(in);
    }
  }

  /**
   * The requests of a block, in order. Below a request may stand, after a blank line, what it
   * answers.
   */
  List<ConsoleFile.Request> requests(DocsPage.Block block) throws IOException {
    if (!block.text().matches("(?s)[A-Z]+ /.*")) {
      return List.of(wrap(block));
    }
    List<ConsoleFile.Request> requests = new ArrayList<>();
    for (String part : block.text().split("\n\n+")) {
      if (part.matches("(?s)[A-Z]+ /.*")) {
        requests.add(ConsoleFile.Request.of(part));
      }
    }
    return requests;
  }

  private ConsoleFile.Request wrap(DocsPage.Block block) throws IOException {
    String text = block.text().startsWith("\"") ? "{" + block.text() + "}" : block.text();
    JsonNode part;
    try {
      part = json.readTree(text);
    } catch (IOException e) {
      throw new AssertionError(block + " is not JSON: " + e.getMessage(), e);
    }
    String first = part.isObject() && part.size() > 0 ? part.fieldNames().next() : "";
    JsonNode template = templates.get(first);
    if (template == null) {
      throw new AssertionError(
          block + " begins with [" + first + "], of which docs-fragments.json says nothing");
    }
    String[] head = template.get("request").asText().split(" ", 2);
    JsonNode body = template.get("body").deepCopy();
    if (!put((ObjectNode) part, body)) {
      throw new AssertionError("[" + first + "] of docs-fragments.json has no [@]");
    }
    return new ConsoleFile.Request(head[0], head[1], body.toString());
  }

  private static boolean put(ObjectNode part, JsonNode into) {
    if (into instanceof ArrayNode) {
      for (JsonNode element : into) {
        if (put(part, element)) {
          return true;
        }
      }
    } else if (into instanceof ObjectNode object) {
      if (object.remove(HERE) != null) {
        object.setAll(part);
        return true;
      }
      for (JsonNode value : object) {
        if (put(part, value)) {
          return true;
        }
      }
    }
    return false;
  }
}
