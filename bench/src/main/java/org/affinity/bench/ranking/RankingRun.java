/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.affinity.bench.ranking.RankingSet.Fold;
import org.affinity.bench.ranking.RankingSet.JudgedQuery;

/** Tunes and judges the contenders of one data set. For one thread, which is the client. */
final class RankingRun {

  private static final int WARM = 50;

  /** Hits asked for to choose settings, by NDCG@10. */
  private static final int TUNING = 10;

  /** Hits asked for where recall@100 is measured. */
  private static final int JUDGED = 100;

  private final RankingSet set;
  private final RankingIndex index;
  private final Contenders contenders;
  private final RandomizationTest test;
  private final Consumer<String> progress;
  private final Random random;

  RankingRun(
      RankingSet set,
      RankingIndex index,
      RandomizationTest test,
      long seed,
      Consumer<String> progress) {
    this.set = set;
    this.index = index;
    this.contenders = new Contenders(set, index);
    this.test = test;
    this.progress = progress;
    this.random = new Random(seed);
  }

  /** What one contender did. */
  private static final class Outcome {
    final List<Weights> weights = new ArrayList<>();
    final List<Quality> qualities = new ArrayList<>();
    final List<Double> millis = new ArrayList<>();

    double[] ndcg() {
      return Quality.values(qualities, Quality::ndcg10);
    }
  }

  RankingResult.Data measure() throws IOException, InterruptedException {
    List<Contender> all = contenders.all();
    Map<String, Outcome> outcomes = new HashMap<>();
    all.forEach(contender -> outcomes.put(contender.name(), new Outcome()));
    List<JudgedQuery> judged = new ArrayList<>();
    for (Fold fold : set.folds()) {
      Map<String, Weights> chosen = new HashMap<>();
      for (Contender contender : all) {
        Weights weights =
            contender.like() == null
                ? tune(contender, fold.tuning())
                : chosen.get(contender.like());
        chosen.put(contender.name(), weights);
        outcomes.get(contender.name()).weights.add(weights);
        progress.accept(contender.name() + ": " + weights);
      }
      warm(all, chosen, fold.tuning());
      progress.accept("judging " + fold.judged().size() + " queries");
      for (JudgedQuery query : fold.judged()) {
        judge(all, chosen, query, outcomes);
      }
      judged.addAll(fold.judged());
    }
    guard(judged);
    return result(all, outcomes, judged);
  }

  private Weights tune(Contender contender, List<JudgedQuery> queries)
      throws IOException, InterruptedException {
    Weights best = contender.grid().get(0);
    if (contender.grid().size() == 1) {
      return best;
    }
    double most = -1;
    // What differs only in what the client does with the answer is asked once.
    Map<String, List<Hit>> answers = new HashMap<>();
    for (Weights weights : contender.grid()) {
      List<Contender.Search> searches =
          queries.stream().map(query -> contender.maker().search(query, weights, TUNING)).toList();
      index.answer(searches.stream().map(Contender.Search::body).toList(), answers);
      List<Quality> qualities = new ArrayList<>();
      for (int i = 0; i < searches.size(); i++) {
        Contender.Search search = searches.get(i);
        qualities.add(quality(search.after().apply(answers.get(search.body())), queries.get(i)));
      }
      double ndcg = Quality.mean(qualities).ndcg10();
      if (ndcg > most) {
        most = ndcg;
        best = weights;
      }
    }
    return best;
  }

  private Quality quality(List<Hit> hits, JudgedQuery query) {
    return Quality.of(Hit.ids(hits), query.grades(), set.relevantFrom());
  }

  private void warm(List<Contender> all, Map<String, Weights> chosen, List<JudgedQuery> queries)
      throws IOException, InterruptedException {
    for (JudgedQuery query : queries.subList(0, Math.min(WARM, queries.size()))) {
      for (Contender contender : all) {
        index.search(contender.maker().search(query, chosen.get(contender.name()), JUDGED));
      }
    }
  }

  private void judge(
      List<Contender> all,
      Map<String, Weights> chosen,
      JudgedQuery query,
      Map<String, Outcome> outcomes)
      throws IOException, InterruptedException {
    List<Contender> order = new ArrayList<>(all);
    Collections.shuffle(order, random);
    for (Contender contender : order) {
      long start = System.nanoTime();
      List<Hit> hits =
          index.search(contender.maker().search(query, chosen.get(contender.name()), JUDGED));
      Outcome outcome = outcomes.get(contender.name());
      outcome.millis.add((System.nanoTime() - start) / 1e6);
      outcome.qualities.add(quality(hits, query));
    }
  }

  /** With weight 0 hits and scores must be the plain query's, to the last bit. */
  private void guard(List<JudgedQuery> queries) throws IOException, InterruptedException {
    Map<String, List<Hit>> answers = new HashMap<>();
    for (JudgedQuery query : queries) {
      String plain = contenders.plain(query, JUDGED).body();
      String neutral = contenders.neutral(query, JUDGED).body();
      index.answer(List.of(plain, neutral), answers);
      if (!answers.get(plain).equals(answers.get(neutral))) {
        throw new IOException(
            set.name()
                + ": a blend of weight 0 does not give what BM25 gives, of the query ["
                + query.text()
                + "]");
      }
    }
  }

  private RankingResult.Data result(
      List<Contender> all, Map<String, Outcome> outcomes, List<JudgedQuery> judged) {
    Groups groups = new Groups(set, judged);
    List<RankingResult.Row> rows = new ArrayList<>();
    for (Contender contender : all) {
      Outcome outcome = outcomes.get(contender.name());
      double[] millis = outcome.millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      rows.add(
          new RankingResult.Row(
              contender.name(),
              outcome.weights,
              Quality.mean(outcome.qualities),
              p(outcome, contender.name(), Contenders.BM25, outcomes),
              p(outcome, contender.name(), Contenders.POPULARITY, outcomes),
              p(outcome, contender.name(), Contenders.COOCCURRENCE, outcomes),
              p(outcome, contender.name(), Contenders.BOTH, outcomes),
              millis[millis.length / 2],
              millis[Math.min(millis.length - 1, millis.length * 99 / 100)],
              contender.bytesPerItem(),
              groups.parts(outcome.ndcg())));
    }
    int tuning = set.folds().get(0).tuning().size();
    return new RankingResult.Data(
        set.name(), set.about(), set.items().size(), tuning, judged.size(), judged.size(), rows);
  }

  private Double p(Outcome outcome, String name, String other, Map<String, Outcome> outcomes) {
    return name.equals(other) || !outcomes.containsKey(other)
        ? null
        : test.p(outcome.ndcg(), outcomes.get(other).ndcg());
  }
}
