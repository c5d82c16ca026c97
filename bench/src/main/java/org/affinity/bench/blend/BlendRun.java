/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.blend;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Searches one catalogue, contestants taking turns. For one thread, which is the client. */
final class BlendRun {

  private static final long SEED = 11;

  private final LoadedIndex index;
  private final Catalogue catalogue;
  private final int rounds;
  private final double secondsPerGroup;
  private final List<float[]> readers;
  private final Random random = new Random(SEED);

  BlendRun(LoadedIndex index, Catalogue catalogue, int rounds, double secondsPerGroup) {
    this.index = index;
    this.catalogue = catalogue;
    this.rounds = rounds;
    this.secondsPerGroup = secondsPerGroup;
    this.readers = catalogue.readers();
  }

  /** Measures the words that about {@code target} documents have. */
  List<BlendResult.Series> measure(int target) throws IOException, InterruptedException {
    List<Catalogue.Word> words = index.words(target);
    Requests requests = new Requests(pivot(words), scale());
    Map<Contestant, List<Long>> nanos = new EnumMap<>(Contestant.class);
    Map<Contestant, double[]> same = new EnumMap<>(Contestant.class);
    for (Contestant contestant : Contestant.values()) {
      nanos.put(contestant, new ArrayList<>());
      same.put(contestant, new double[2]);
    }
    long start = System.nanoTime();
    // One third of the time and of the rounds is for the compilers and caches of both sides.
    int warm = Math.max(1, rounds / 2);
    for (int round = -warm; round < rounds; round++) {
      double spent = (System.nanoTime() - start) / 1e9;
      if (round < 0 && spent > secondsPerGroup / 3) {
        round = 0;
      }
      if (round > 0 && spent > secondsPerGroup) {
        break;
      }
      round(round >= 0, words, requests, nanos, same);
    }
    int[] matches = words.stream().mapToInt(Catalogue.Word::documents).sorted().toArray();
    List<BlendResult.Series> series = new ArrayList<>();
    for (Contestant contestant : Contestant.values()) {
      long[] sorted = nanos.get(contestant).stream().mapToLong(Long::longValue).sorted().toArray();
      double[] shared = same.get(contestant);
      series.add(
          new BlendResult.Series(
              catalogue.name(),
              catalogue.size(),
              target,
              matches[matches.length / 2],
              contestant,
              sorted.length,
              sorted[sorted.length / 2] / 1e3,
              sorted[Math.min(sorted.length - 1, sorted.length * 99 / 100)] / 1e3,
              contestant == Contestant.PLAIN || contestant == Contestant.BLEND
                  ? null
                  : shared[0] / shared[1]));
    }
    return series;
  }

  private void round(
      boolean counts,
      List<Catalogue.Word> words,
      Requests requests,
      Map<Contestant, List<Long>> nanos,
      Map<Contestant, double[]> same)
      throws IOException, InterruptedException {
    List<Contestant> order = new ArrayList<>(List.of(Contestant.values()));
    for (Catalogue.Word word : words) {
      int reader = random.nextInt(readers.size());
      Collections.shuffle(order, random);
      Map<Contestant, List<String>> found = new EnumMap<>(Contestant.class);
      for (Contestant contestant : order) {
        List<String> bodies = bodies(contestant, requests, word.text(), reader);
        long start = System.nanoTime();
        List<JsonNode> answers = new ArrayList<>();
        for (String body : bodies) {
          answers.add(index.search(body));
        }
        List<String> ids = answers.size() == 1 ? ids(answers.get(0)) : fuse(answers);
        long took = System.nanoTime() - start;
        if (counts) {
          nanos.get(contestant).add(took);
        }
        found.put(contestant, ids);
      }
      Set<String> blended = new LinkedHashSet<>(found.get(Contestant.BLEND));
      for (Contestant contestant : order) {
        if (!blended.isEmpty()) {
          double[] shared = same.get(contestant);
          shared[0] +=
              found.get(contestant).stream().filter(blended::contains).count()
                  / (double) blended.size();
          shared[1]++;
        }
      }
    }
  }

  private List<String> bodies(Contestant contestant, Requests requests, String word, int reader) {
    float[] vector = readers.get(reader);
    return switch (contestant) {
      case PLAIN -> List.of(Requests.plain(word, 10));
      case BLEND -> List.of(requests.blend(word, vector, "exact"));
      case BLEND_CODES -> List.of(requests.blend(word, vector, "codes"));
      case BLEND_DOCUMENT ->
          List.of(requests.blendOf(word, index.readersIndex(), Integer.toString(reader)));
      case SCRIPT -> List.of(requests.script(word, vector));
      case TWO_SEARCHES ->
          List.of(Requests.plain(word, Requests.FUSED), Requests.nearest(vector, Requests.FUSED));
    };
  }

  private static List<String> ids(JsonNode answer) {
    List<String> ids = new ArrayList<>();
    for (JsonNode hit : answer.path("hits").path("hits")) {
      ids.add(hit.path("_id").asText());
    }
    return ids;
  }

  /** Weighted sums of scores over each list's best, as clients do; the first ten. */
  private static List<String> fuse(List<JsonNode> answers) {
    Map<String, Double> scores = new HashMap<>();
    double[] weights = {1, Requests.WEIGHT};
    for (int i = 0; i < answers.size(); i++) {
      double best = answers.get(i).path("hits").path("max_score").asDouble();
      for (JsonNode hit : answers.get(i).path("hits").path("hits")) {
        scores.merge(
            hit.path("_id").asText(),
            weights[i] * hit.path("_score").asDouble() / best,
            Double::sum);
      }
    }
    return scores.entrySet().stream()
        .sorted(Comparator.comparingDouble(entry -> -entry.getValue()))
        .limit(10)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Half of the best score, the median over words. */
  private double pivot(List<Catalogue.Word> words) throws IOException, InterruptedException {
    double[] best = new double[words.size()];
    for (int i = 0; i < best.length; i++) {
      best[i] =
          index
              .search(Requests.plain(words.get(i).text(), 1))
              .path("hits")
              .path("max_score")
              .asDouble();
    }
    Arrays.sort(best);
    return best[best.length / 2] / 2;
  }

  /** As docs/query.md advises: a reader's nearest items reach about 0.95. */
  private double scale() {
    double[] best = new double[Math.min(20, readers.size())];
    for (int number = 0; number < Math.min(catalogue.size(), 5000); number++) {
      float[] vector = catalogue.item(number).vector();
      for (int reader = 0; reader < best.length; reader++) {
        double product = 0;
        for (int d = 0; d < vector.length; d++) {
          product += (double) vector[d] * readers.get(reader)[d];
        }
        best[reader] = Math.max(best[reader], product);
      }
    }
    Arrays.sort(best);
    return 3 / best[best.length / 2];
  }
}
