/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The fenced blocks of a Markdown page that a reader would send to a server. */
record DocsPage(String name, List<Block> blocks) {

  /** A comment above a block that says what to expect other than a 2xx and, of a search, a hit. */
  private static final Pattern DIRECTIVE = Pattern.compile("<!-- test: (.*) -->");

  private static final Pattern FENCE = Pattern.compile("```(\\w*)");
  private static final Pattern REQUEST =
      Pattern.compile("(?s)(GET|PUT|POST|DELETE|HEAD) /.*|\\s*[\\[{\"].*");
  private static final Set<String> PROSE = Set.of("", "console", "java", "sh", "text");
  private static final Set<String> DIRECTIVES = Set.of("status", "hits");

  /**
   * A block of JSON, with or without a line that says where it goes.
   *
   * @param line of the page, from 1
   */
  record Block(String page, int line, String text, Map<String, String> directives) {

    /** The status the page speaks of; null for any 2xx. */
    Integer status() {
      return directives.containsKey("status") ? Integer.valueOf(directives.get("status")) : null;
    }

    /** The least number of hits of a search. */
    int hits() {
      return Integer.parseInt(directives.getOrDefault("hits", "1"));
    }

    @Override
    public String toString() {
      return page + ":" + line;
    }
  }

  /**
   * @throws IllegalArgumentException if a block is of a kind that this does not know, or looks like
   *     a request without being marked as {@code json}
   */
  static DocsPage read(Path file) throws IOException {
    String name = file.getFileName().toString();
    List<Block> blocks = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      Matcher fence = FENCE.matcher(lines.get(i).strip());
      if (!fence.matches()) {
        continue;
      }
      int start = i + 1;
      while (!lines.get(++i).strip().equals("```")) {}
      String text = String.join("\n", lines.subList(start, i)).strip();
      String place = name + ":" + (start + 1);
      if (fence.group(1).equals("json")) {
        blocks.add(new Block(name, start + 1, text, directives(place, lines, start - 2)));
      } else if (!PROSE.contains(fence.group(1)) || REQUEST.matcher(text).matches()) {
        throw new IllegalArgumentException(
            place + ": a block [" + fence.group(1) + "] that is neither JSON nor known prose");
      }
    }
    return new DocsPage(name, blocks);
  }

  private static Map<String, String> directives(String place, List<String> lines, int above) {
    Map<String, String> directives = new HashMap<>();
    Matcher directive = DIRECTIVE.matcher(above < 0 ? "" : lines.get(above).strip());
    if (directive.matches()) {
      for (String pair : directive.group(1).split(" ")) {
        String[] parts = pair.split("=", 2);
        if (parts.length < 2 || !DIRECTIVES.contains(parts[0])) {
          throw new IllegalArgumentException(place + ": unknown directive [" + pair + "]");
        }
        directives.put(parts[0], parts[1]);
      }
    }
    return directives;
  }
}
