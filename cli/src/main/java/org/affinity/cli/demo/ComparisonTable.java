/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.demo;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;

/** Sets a plain ranking and several personalized ones side by side. */
final class ComparisonTable {
  private static final int ROWS = 5;
  private static final int RANK = 2;
  private static final int MARKER = 4;
  private static final String RULE = " │ ";

  private final Ansi ansi;
  private final int width;

  /**
   * A table of a width.
   *
   * @param ansi colours or none
   * @param width columns of the terminal to use at most
   */
  ComparisonTable(Ansi ansi, int width) {
    this.ansi = ansi;
    this.width = width;
  }

  /**
   * A column: who asks, and what they see.
   *
   * @param heading who
   * @param subheading a word on their taste
   * @param ranking what they see
   */
  record Column(String heading, String subheading, Ranking ranking) {}

  /** The table's lines; the first column is the plain ranking that the others are compared with. */
  List<String> lines(Column plain, List<Column> personalized) {
    int cell =
        (width - RANK - (personalized.size() + 1) * RULE.length()) / (personalized.size() + 1);
    List<String> lines = new ArrayList<>();
    lines.add(heading(plain, personalized, cell, true));
    lines.add(heading(plain, personalized, cell, false));
    StringBuilder line = new StringBuilder("─".repeat(RANK));
    for (int i = 0; i <= personalized.size(); i++) {
      line.append("─┼─").append("─".repeat(cell));
    }
    lines.add(line.toString());
    for (int row = 0; row < ROWS; row++) {
      StringBuilder text = new StringBuilder(fit(Integer.toString(row + 1), RANK));
      text.append(RULE).append(fit(title(plain.ranking(), row), cell));
      for (Column column : personalized) {
        text.append(RULE).append(cell(plain.ranking(), column.ranking(), row, cell));
      }
      lines.add(text.toString().stripTrailing());
    }
    return lines;
  }

  private String heading(Column plain, List<Column> others, int cell, boolean first) {
    StringBuilder line = new StringBuilder(" ".repeat(RANK));
    List<Column> columns = new ArrayList<>(List.of(plain));
    columns.addAll(others);
    for (Column column : columns) {
      String text = fit(first ? column.heading() : column.subheading(), cell);
      line.append(RULE).append(first ? styled(Style.bold, text) : styled(Style.faint, text));
    }
    return line.toString().stripTrailing();
  }

  private String cell(Ranking plain, Ranking personalized, int row, int cell) {
    if (row >= personalized.hits().size()) {
      return " ".repeat(cell);
    }
    int before = plain.rankOf(personalized.hits().get(row).id());
    String marker = fit(Movement.marker(before, row + 1), MARKER);
    Style colour =
        switch (Movement.between(before, row + 1)) {
          case UP -> Style.fg_green;
          case DOWN -> Style.fg_red;
          case NEW -> Style.fg_yellow;
          case SAME -> Style.faint;
        };
    return styled(colour, marker) + " " + fit(title(personalized, row), cell - MARKER - 1);
  }

  private static String title(Ranking ranking, int row) {
    return row < ranking.hits().size() ? ranking.hits().get(row).title() : "";
  }

  /** Cut with an ellipsis, or filled with blanks, to exactly so many columns. */
  static String fit(String text, int columns) {
    int length = text.codePointCount(0, text.length());
    if (length <= columns) {
      return text + " ".repeat(columns - length);
    }
    String cut = text.substring(0, text.offsetByCodePoints(0, columns - 1)).stripTrailing() + "…";
    return cut + " ".repeat(columns - cut.codePointCount(0, cut.length()));
  }

  private String styled(Style style, String text) {
    if (!ansi.enabled()) {
      return text;
    }
    return Style.on(style) + text + Style.reset.off();
  }
}
