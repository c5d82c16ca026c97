/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.junit.Test;
import picocli.CommandLine.Help.Ansi;

public class ComparisonTableTests {
  private static Ranking ranking(String... titles) {
    List<Ranking.Hit> hits =
        List.of(titles).stream().map(title -> new Ranking.Hit(title, title)).toList();
    return new Ranking(hits, hits.size(), new Why(List.of(), 0));
  }

  private static List<String> lines(Ansi ansi, int width) {
    Ranking plain =
        ranking("Eragon", "Dragonfly", "The Girl with the Dragon Tattoo", "D", "E", "F");
    ComparisonTable.Column first =
        new ComparisonTable.Column(
            "Ann", "fantasy", ranking("F", "Eragon", "The Girl with the Dragon Tattoo", "Zog"));
    ComparisonTable.Column second = new ComparisonTable.Column("Bo", "cooking", ranking());
    return new ComparisonTable(ansi, width)
        .lines(new ComparisonTable.Column("plain", "everyone", plain), List.of(first, second));
  }

  @Test
  public void testTableIsAsDrawn() {
    assertEquals(
        List.of(
            "   │ plain            │ Ann              │ Bo",
            "   │ everyone         │ fantasy          │ cooking",
            "───┼──────────────────┼──────────────────┼─────────────────",
            "1  │ Eragon           │ ▲5   F           │",
            "2  │ Dragonfly        │ ▼1   Eragon      │",
            "3  │ The Girl with t… │ =    The Girl w… │",
            "4  │ D                │ new  Zog         │",
            "5  │ E                │                  │"),
        lines(Ansi.OFF, 60));
  }

  @Test
  public void testLinesFitAnyWidthWithAndWithoutColours() {
    for (int width = 60; width <= 132; width++) {
      List<String> plain = lines(Ansi.OFF, width);
      for (String line : plain) {
        assertTrue(line, line.codePointCount(0, line.length()) <= width);
      }
      List<String> coloured =
          lines(Ansi.ON, width).stream()
              .map(line -> line.replaceAll("\u001b\\[[0-9;]*m", "").stripTrailing())
              .toList();
      assertEquals(plain, coloured);
    }
  }

  @Test
  public void testFitCutsAndFillsByCodePoints() {
    assertEquals("abc  ", ComparisonTable.fit("abc", 5));
    assertEquals("abcde", ComparisonTable.fit("abcde", 5));
    assertEquals("abcd…", ComparisonTable.fit("abcdef", 5));
    assertEquals("ab…  ", ComparisonTable.fit("ab  cdef", 5));
    assertEquals("𝔸𝔹…", ComparisonTable.fit("𝔸𝔹ℂ𝔻", 3));
  }

  @Test
  public void testMarkers() {
    assertEquals("▲3", Movement.marker(4, 1));
    assertEquals("▼1", Movement.marker(1, 2));
    assertEquals("=", Movement.marker(2, 2));
    assertEquals("new", Movement.marker(0, 1));
  }

  @Test
  public void testWhyReadsPartsWhereverTheyStandAndNothingElse() throws Exception {
    String explanation =
        """
        {"value": 0.93, "description": "sum of:", "details": [
          {"value": 0.9, "description": "blend", "details": [
            {"value": 0.41, "description": "relevance, weight 1.0", "details": [
              {"value": 3.1, "description": "affinity [in a keyword explanation]"}]},
            {"value": 0.37, "description": "affinity [taste], weight 0.6"},
            {"value": 0.15, "description": "prior [popularity]"},
            {"value": 1, "description": "something else"}]}]}
        """;
    Why why = Why.of(new JsonMapper().readTree(explanation));
    assertEquals("relevance 0.41 + taste 0.37 + popularity 0.15 = 0.93", why.sentence());
    assertEquals("", Why.of(new JsonMapper().readTree("{\"value\":1}")).sentence());
    assertEquals("", Why.of(new JsonMapper().missingNode()).sentence());
  }
}
