/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.affinity.bench.ranking.RankingResult.Data;
import org.affinity.bench.ranking.RankingResult.Part;
import org.affinity.bench.ranking.RankingResult.Row;
import org.affinity.bench.report.Numbers;
import org.affinity.bench.report.Place;
import org.affinity.bench.report.ReportFile;

/** Writes a result for programs and for people. */
final class RankingReport {

  private static final String METHOD =
      """
      One server, one shard of one segment, one client; contenders take turns in random order, query \
      by query. Every row chose its weights on queries of other people (Icecat: the other half of \
      the queries), 16 settings each, by NDCG@10; the codes' rows have the blend's. What a person \
      knows from training is filtered out for all rows alike. All parts are those of one `blend` \
      query (relevance by saturation at the automatic pivot, popularity by `log`, inner products by \
      `sigmoid`), but for co-occurrence: there the client re-ranks the first 1,000 keyword hits by \
      their cosines with the history, summed, and in a row of its own by popularity too, with the \
      blend's settings and the same `log`, as a team without the plugin would. "Alone" is `nearest`. \
      The last items are given as `likes`, with the popularity prior as in the blend. \
      MRR looks at the first 100. p: two-sided paired randomization test of NDCG@10 (Smucker, Allan \
      and Carterette, 2007), not corrected for the number of rows. Milliseconds are the client's, \
      for 100 hits (co-occurrence: 1,000), HTTP included. Bytes are those of vectors, of codes with \
      their codebook, or of the table of co-occurrences, for each item.

      """;

  private RankingReport() {}

  /** Writes the JSON, and Markdown beside it. */
  static void write(RankingResult result, Path json) throws IOException {
    ReportFile.write(json, result, markdown(result));
  }

  /** Reads what {@link #write} wrote. */
  static RankingResult read(Path json) throws IOException {
    try {
      return new ObjectMapper().readValue(json.toFile(), RankingResult.class);
    } catch (JsonProcessingException e) {
      throw new IOException(json + " is no result of \"ranking\": " + e.getOriginalMessage(), e);
    }
  }

  static String markdown(RankingResult result) {
    StringBuilder text = new StringBuilder("# Personalized ranking\n\n").append(METHOD);
    text.append(Place.list(result.run()));
    result.sets().forEach(data -> append(text, data));
    return text.toString();
  }

  private static void append(StringBuilder text, Data data) {
    text.append("\n## ").append(data.name()).append("\n\n");
    text.append(data.about()).append('\n');
    text.append(
        String.format(
            Locale.ROOT,
            "%,d items; %,d queries to tune by, %,d judged. A blend of weight 0 gave BM25's hits and"
                + " scores, to the last bit, for all %,d.%n%n",
            data.items(),
            data.tuning(),
            data.judged(),
            data.neutral()));
    Standing.of(data).forEach(line -> text.append("- ").append(line).append('\n'));
    text.append(
        """

        | | NDCG@10 | MRR | Recall@10 | Recall@100 | p, BM25 | p, popularity | p, co-occurrence | p, both | median ms | p99 ms | bytes/item | weights |
        | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
        """);
    Row best = data.rows().stream().max(Comparator.comparingDouble(Standing::ndcg)).orElseThrow();
    for (Row row : data.rows()) {
      String ndcg = Numbers.recall(Standing.ndcg(row));
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %,.0f | %s |%n",
              row.name(),
              row.equals(best) ? "**" + ndcg + "**" : ndcg,
              Numbers.recall(row.quality().reciprocalRank()),
              Numbers.recall(row.quality().recall10()),
              Numbers.recall(row.quality().recall100()),
              Standing.p(row.overBm25()),
              Standing.p(row.overPopularity()),
              Standing.p(row.overCooccurrence()),
              Standing.p(row.overBoth()),
              Numbers.plain(row.medianMillis()),
              Numbers.plain(row.p99Millis()),
              row.bytesPerItem(),
              String.join("; ", row.weights().stream().map(RankingReport::weights).toList())));
    }
    List<Part> parts = data.rows().get(0).parts();
    if (!parts.isEmpty()) {
      appendParts(text, data, parts);
    }
  }

  private static void appendParts(StringBuilder text, Data data, List<Part> parts) {
    text.append("\nNDCG@10 of some of the queries; the best of each in bold:\n\n| |");
    for (Part part : parts) {
      text.append(' ').append(part.by()).append(": ").append(part.group()).append(" |");
    }
    text.append("\n|").append(" --- |".repeat(parts.size() + 1)).append("\n| queries |");
    parts.forEach(part -> text.append(String.format(Locale.ROOT, " %,d |", part.queries())));
    text.append('\n');
    for (Row row : data.rows()) {
      List<String> cells = new ArrayList<>();
      for (Part part : row.parts()) {
        double most =
            data.rows().stream()
                .mapToDouble(other -> other.ndcg(part.by(), part.group()))
                .max()
                .orElseThrow();
        String ndcg = Numbers.recall(part.ndcg10());
        cells.add(part.ndcg10() == most ? "**" + ndcg + "**" : ndcg);
      }
      text.append("| ").append(row.name()).append(" | ").append(String.join(" | ", cells));
      text.append(" |\n");
    }
  }

  private static String weights(Weights weights) {
    List<String> parts = new ArrayList<>();
    if (weights.affinity() > 0) {
      parts.add(Numbers.plain(weights.affinity()));
    }
    if (weights.popularity() > 0) {
      parts.add("popularity " + Numbers.plain(weights.popularity()));
    }
    return String.join(", ", parts);
  }
}
