/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.demo;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** What the demo says. */
final class DemoReport {
  private final PrintWriter out;
  private final Ansi ansi;
  private final int width;

  DemoReport(PrintWriter out, Ansi ansi, int width) {
    this.out = out;
    this.ansi = ansi;
    this.width = width;
  }

  void introduce(List<Taste> readers) {
    out.println();
    out.println("Three readers, chosen for tastes far apart:");
    for (Taste taste : readers) {
      out.println("  " + taste.reader().name() + " reads " + taste.described());
    }
    out.println(
        "▲n ▼n: places up or down against the plain search; =: the same place; new: from below 200");
  }

  void show(DemoSearches.Search search, List<Taste> readers) {
    out.println();
    out.printf(
        Locale.ROOT, "Search: %s  (%,d books match)%n", search.word(), search.plain().total());
    List<ComparisonTable.Column> columns = new ArrayList<>();
    for (int i = 0; i < readers.size(); i++) {
      Taste taste = readers.get(i);
      columns.add(
          new ComparisonTable.Column(
              taste.reader().name(), taste.described(), search.personalized().get(i)));
    }
    ComparisonTable.Column plain =
        new ComparisonTable.Column("plain", "the same for everyone", search.plain());
    new ComparisonTable(ansi, width).lines(plain, columns).forEach(out::println);
    for (int i = 0; i < readers.size(); i++) {
      why(readers.get(i), search.personalized().get(i));
    }
  }

  private void why(Taste taste, Ranking ranking) {
    String sentence = ranking.why().sentence();
    if (!ranking.hits().isEmpty() && !sentence.isEmpty()) {
      String title = ranking.hits().getFirst().title();
      String start = "why " + taste.reader().name() + " sees “";
      int room = Math.max(24, width - start.length() - sentence.length() - 10);
      String shown = ComparisonTable.fit(title, Math.min(title.length(), room)).strip();
      out.println(start + shown + "” first: " + sentence);
    }
  }

  void repeat(String url, DemoQueries queries, List<String> words, List<Taste> readers) {
    out.println();
    out.println("The same by hand:");
    for (String word : words) {
      out.println();
      out.println("# " + word + ", plain");
      out.println(DemoQueries.curl(url, queries.plain(word), 5));
      for (Taste taste : readers) {
        out.println("# " + word + ", " + taste.reader().name());
        out.println(DemoQueries.curl(url, queries.personalized(word, taste.reader().id()), 5));
      }
    }
  }

  void stayUp(String url, DemoQueries queries, String word, Taste taste) {
    Reader reader = taste.reader();
    out.println();
    out.println("# next: the books nearest to " + reader.name() + ", without words");
    out.println(DemoQueries.curl(url, queries.nearest(reader.id(), 10), 10));
    out.println("# next: where each part of a score comes from");
    out.println(DemoQueries.explainingCurl(url, queries.personalized(word, reader.id())));
    out.println("# next: the mapping");
    out.println("curl -s '" + url + "/" + DemoIndices.BOOKS + "/_mapping?pretty'");
  }
}
