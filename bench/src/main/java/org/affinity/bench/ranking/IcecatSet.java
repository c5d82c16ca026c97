/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.affinity.bench.ranking.RankingSet.Embedding;
import org.affinity.bench.ranking.RankingSet.Fold;
import org.affinity.bench.ranking.RankingSet.Item;
import org.affinity.bench.ranking.RankingSet.JudgedQuery;
import org.affinity.bench.ranking.RankingSet.TextField;
import org.affinity.bench.report.DataFiles;
import org.affinity.bench.report.VecsFile;

/** Electronics products, queries judged by people, and vectors of a sentence encoder. */
final class IcecatSet {

  private static final int RELEVANT = 2;
  private static final Embedding MINILM = new Embedding("minilm384", 384, "cosinesimil");

  private IcecatSet() {}

  /** Reads the folder. */
  static RankingSet read(Path folder, long seed) throws IOException {
    List<float[]> rows = VecsFile.vectors(folder.resolve("product-minilm384.fvecs.gz"));
    List<Item> items = new ArrayList<>();
    for (String line : DataFiles.lines(folder.resolve("products.jsonl.gz"))) {
      JsonNode product = new ObjectMapper().readTree(line);
      items.add(
          new Item(
              product.path("id").asText(),
              Map.of(
                  "title",
                  product.path("title").asText(),
                  "short_description",
                  product.path("short_description").asText()),
              0,
              Map.of(MINILM.name(), rows.get(items.size()))));
    }
    Map<String, Map<String, Integer>> grades = new HashMap<>();
    List<String> lines = DataFiles.lines(folder.resolve("qrels.tsv.gz"));
    for (String line : lines.subList(1, lines.size())) {
      String[] parts = line.split("\t", -1);
      grades
          .computeIfAbsent(parts[0], query -> new HashMap<>())
          .put(parts[1], Integer.parseInt(parts[2]));
    }
    List<String> texts = DataFiles.lines(folder.resolve("queries.txt.gz"));
    List<float[]> vectors = VecsFile.vectors(folder.resolve("query-minilm384.fvecs.gz"));
    List<JudgedQuery> queries = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      Map<String, Integer> judged = grades.getOrDefault(texts.get(i), Map.of());
      if (judged.values().stream().anyMatch(grade -> grade >= RELEVANT)) {
        queries.add(
            new JudgedQuery(
                null, "query", texts.get(i), judged, null, Map.of(MINILM.name(), vectors.get(i))));
      }
    }
    Collections.shuffle(queries, new Random(seed));
    List<JudgedQuery> first = queries.subList(0, queries.size() / 2);
    List<JudgedQuery> second = queries.subList(queries.size() / 2, queries.size());
    return new RankingSet(
        "icecat",
        "People's judgments from 0 to 3; relevant is 2 or 3, products nobody judged count 0, which"
            + " favours whatever the judged ones were collected with. Of the 135 queries those with"
            + " a relevant product. Settings for one half of them are chosen on the other.",
        List.of(
            new TextField("title", "english", 1), new TextField("short_description", "english", 1)),
        false,
        List.of(MINILM),
        items,
        Map.of(),
        null,
        List.of(new Fold(first, second), new Fold(second, first)),
        RELEVANT);
  }
}
