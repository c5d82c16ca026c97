/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.affinity.bench.ranking.RankingResult.Data;
import org.affinity.bench.ranking.RankingResult.Part;
import org.affinity.bench.ranking.RankingResult.Row;
import org.affinity.bench.report.Numbers;

/** Who won, in sentences; where that is not an embedding, these say so first. */
final class Standing {

  private static final List<String> WITHOUT_EMBEDDING =
      List.of(Contenders.BM25, Contenders.POPULARITY, Contenders.COOCCURRENCE, Contenders.BOTH);

  private Standing() {}

  static double ndcg(Row row) {
    return row.quality().ndcg10();
  }

  static List<String> of(Data data) {
    List<String> lines = new ArrayList<>();
    Row blend = data.row(Contenders.BLEND);
    for (Row row : data.rows()) {
      if (WITHOUT_EMBEDDING.contains(row.name()) && ndcg(row) >= ndcg(blend)) {
        lines.add(
            String.format(
                Locale.ROOT,
                "**\"%s\" is not beaten by the blend**: NDCG@10 %s, the blend %s.",
                row.name(),
                Numbers.recall(ndcg(row)),
                Numbers.recall(ndcg(blend))));
      }
    }
    for (Part part : blend.parts()) {
      Row best =
          data.rows().stream()
              .filter(row -> WITHOUT_EMBEDDING.contains(row.name()))
              .max(Comparator.comparingDouble(row -> row.ndcg(part.by(), part.group())))
              .orElseThrow();
      double other = best.ndcg(part.by(), part.group());
      if (other >= part.ndcg10()) {
        lines.add(
            String.format(
                Locale.ROOT,
                "**\"%s\" is not beaten by the blend where %s is %s** (%,d queries): %s, the blend"
                    + " %s.",
                best.name(),
                part.by(),
                part.group(),
                part.queries(),
                Numbers.recall(other),
                Numbers.recall(part.ndcg10())));
      }
    }
    for (String name : WITHOUT_EMBEDDING) {
      Row row = data.row(name);
      if (row != null) {
        lines.add(
            String.format(
                Locale.ROOT,
                "The blend over \"%s\": NDCG@10 %s over %s, %+.0f %%, p = %s.",
                name,
                Numbers.recall(ndcg(blend)),
                Numbers.recall(ndcg(row)),
                100 * (ndcg(blend) / ndcg(row) - 1),
                p(over(blend, name))));
      }
    }
    return lines;
  }

  private static Double over(Row row, String name) {
    return switch (name) {
      case Contenders.BM25 -> row.overBm25();
      case Contenders.POPULARITY -> row.overPopularity();
      case Contenders.COOCCURRENCE -> row.overCooccurrence();
      default -> row.overBoth();
    };
  }

  static String p(Double p) {
    return p == null ? "" : p < .001 ? String.format(Locale.ROOT, "%.4f", p) : Numbers.plain(p);
  }
}
