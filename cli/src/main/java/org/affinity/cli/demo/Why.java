/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The parts of a score, as an explanation lists them. Read by the first word of each description
 * ({@code relevance}, {@code affinity [field]}, {@code prior [field]}), wherever in the tree it
 * stands; an explanation of another form gives no parts.
 *
 * @param parts the parts in their order
 * @param score what they sum to
 */
record Why(List<Part> parts, double score) {

  /**
   * One part.
   *
   * @param name what it is called on screen
   * @param contribution what it adds, weighted
   */
  record Part(String name, double contribution) {}

  static Why of(JsonNode explanation) {
    List<Part> parts = new ArrayList<>();
    collect(explanation, parts);
    return new Why(List.copyOf(parts), explanation.path("value").asDouble());
  }

  private static void collect(JsonNode node, List<Part> parts) {
    for (JsonNode detail : node.path("details")) {
      Optional<String> name = name(detail.path("description").asText());
      if (name.isPresent()) {
        parts.add(new Part(name.get(), detail.path("value").asDouble()));
      } else {
        collect(detail, parts);
      }
    }
  }

  private static Optional<String> name(String description) {
    if (description.startsWith("relevance")) {
      return Optional.of("relevance");
    }
    if (description.startsWith("affinity") || description.startsWith("prior")) {
      int from = description.indexOf('[');
      int to = description.indexOf(']', from);
      return Optional.of(
          from >= 0 && to > from
              ? description.substring(from + 1, to)
              : description.startsWith("prior") ? "prior" : "affinity");
    }
    return Optional.empty();
  }

  /** In one line, such as {@code relevance 0.41 + taste 0.37 + popularity 0.15 = 0.93}. */
  String sentence() {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      text.append(text.isEmpty() ? "" : " + ")
          .append(part.name())
          .append(String.format(Locale.ROOT, " %.2f", part.contribution()));
    }
    return text.isEmpty() ? "" : text + String.format(Locale.ROOT, " = %.2f", score);
  }
}
