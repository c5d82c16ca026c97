/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.DoubleValuesSource;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.FuzzyQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SynonymQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.search.QueryUtils;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.TestUtil;

/**
 * The oracle is the formula, evaluated over every document. Scores may differ in the last bit:
 * Lucene sums the clauses of a disjunction in an order that depends on the scorer it picks.
 */
public class BlendQueryTests extends LuceneTestCase {

  public void testScoresEqualTheFormulaOverEveryMatch() throws Exception {
    for (int round = 0; round < 12; round++) {
      VectorSpace space = VectorSpace.values()[round % 3];
      try (RandomCatalogue catalogue = new RandomCatalogue(random(), space, 350)) {
        Blend blend = randomBlend(catalogue);
        Map<Integer, Float> expected = oracle(catalogue, blend);
        TopDocs found = catalogue.searcher.search(blend.query(), 1000);
        Map<Integer, Float> scores = new HashMap<>();
        for (ScoreDoc hit : found.scoreDocs) {
          scores.put(catalogue.id(hit.doc), hit.score);
        }
        assertEquals(expected.keySet(), scores.keySet());
        for (Integer id : expected.keySet()) {
          assertEquals(
              "score of " + id + " by " + blend,
              expected.get(id),
              scores.get(id),
              1e-6f * expected.get(id));
        }
        assertEquals(expected.size(), catalogue.searcher.count(blend.query()));
      }
    }
  }

  public void testPruningLosesNoHit() throws Exception {
    for (int round = 0; round < 12; round++) {
      VectorSpace space = VectorSpace.values()[round % 3];
      try (RandomCatalogue catalogue = new RandomCatalogue(random(), space, 350)) {
        Blend blend = randomBlend(catalogue);
        TopDocs all = catalogue.searcher.search(blend.query(), 1000);
        int size = 1 + random().nextInt(20);
        TopDocs top =
            catalogue.searcher.search(
                blend.query(), new TopScoreDocCollectorManager(size, null, 1));
        assertEquals(Math.min(size, all.scoreDocs.length), top.scoreDocs.length);
        for (int i = 0; i < top.scoreDocs.length; i++) {
          float expected = all.scoreDocs[i].score;
          assertEquals("rank " + i, expected, top.scoreDocs[i].score, 1e-6f * expected);
        }
      }
    }
  }

  public void testPruningSkipsDocuments() throws Exception {
    try (Directory directory = newDirectory();
        // The default codec has impacts; the one the test case draws may not.
        IndexWriter writer =
            new IndexWriter(
                directory, new IndexWriterConfig().setCodec(TestUtil.getDefaultCodec()))) {
      int size = 20_000;
      for (int i = 0; i < size; i++) {
        Document document = new Document();
        String filler = "house ".repeat(1 + i % 50);
        document.add(new TextField("text", i == 77 ? "dragon" : "dragon " + filler, Store.NO));
        document.add(
            new KnnFloatVectorField(
                "taste", new float[] {i == 77 ? 1 : -1}, VectorSimilarityFunction.COSINE));
        writer.addDocument(document);
      }
      writer.forceMerge(1);
      try (DirectoryReader reader = DirectoryReader.open(writer)) {
        Affinity affinity =
            new Affinity(
                "taste",
                VectorSpace.COSINE,
                new float[] {1},
                0.1,
                new ScoreFunction.Rescale(),
                0,
                "a vector");
        Query query =
            new BlendQuery(
                new TermQuery(new Term("text", "dragon")),
                1,
                new ScoreFunction.AutoSaturation(),
                List.of(affinity),
                List.of(),
                null);
        IndexSearcher searcher = new IndexSearcher(reader);
        assertEquals(size, searcher.count(query));
        TopDocs top = searcher.search(query, new TopScoreDocCollectorManager(1, null, 1));
        assertEquals(77, top.scoreDocs[0].doc);
        assertTrue(
            "scored " + top.totalHits.value() + " of " + size, top.totalHits.value() < size / 2);
      }
    }
  }

  public void testMinRelevanceKeepsWhatCanCompete() {
    Affinity affinity =
        new Affinity(
            "taste",
            VectorSpace.COSINE,
            new float[] {1},
            0.4,
            new ScoreFunction.Rescale(),
            0,
            "a vector");
    for (int i = 0; i < 1000; i++) {
      BlendFormula formula =
          new BlendFormula(
              0.1 + random().nextDouble(),
              new ScoreFunction.Saturation(0.1 + random().nextDouble() * 9),
              List.of(affinity),
              List.of(),
              0.5f + random().nextFloat());
      float relevance = random().nextFloat() * 20;
      float best = formula.score(formula.relevancePart(relevance) + 0.4);
      assertTrue(formula.minRelevance(best) <= relevance);
      assertTrue(formula.maxScore(relevance) >= best);
      float less = relevance * 0.9f;
      assertTrue(
          "prunes what is clearly below",
          formula.minRelevance(best) > less || formula.relevancePart(less) * 1.0001 > best - 0.4);
    }
  }

  public void testExplanationsSumToTheScore() throws Exception {
    for (VectorSpace space : VectorSpace.values()) {
      try (RandomCatalogue catalogue = new RandomCatalogue(random(), space, 200)) {
        Query query = new BoostQuery(randomBlend(catalogue).query(), 1.5f);
        for (ScoreDoc hit : catalogue.searcher.search(query, 30).scoreDocs) {
          Explanation explanation = catalogue.searcher.explain(query, hit.doc);
          assertTrue(explanation.isMatch());
          assertEquals(hit.score, explanation.getValue().floatValue(), 0);
          double sum = 0;
          for (Explanation part : explanation.getDetails()) {
            sum += part.getValue().doubleValue();
          }
          assertEquals(explanation.toString(), hit.score, sum, 1e-5 * hit.score);
        }
      }
    }
  }

  public void testWeightZeroKeepsThePlainOrder() throws Exception {
    try (RandomCatalogue catalogue = new RandomCatalogue(random(), VectorSpace.L2, 300)) {
      Query plain = relevance();
      Affinity none =
          new Affinity(
              "taste",
              VectorSpace.L2,
              catalogue.randomVector(random()),
              0,
              new ScoreFunction.Inverse(),
              0,
              "a vector");
      Query blend =
          new BlendQuery(
              plain, 1, new ScoreFunction.AutoSaturation(), List.of(none), List.of(), null);
      ScoreDoc[] expected = catalogue.searcher.search(plain, 1000).scoreDocs;
      ScoreDoc[] found = catalogue.searcher.search(blend, 1000).scoreDocs;
      assertEquals(expected.length, found.length);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i].doc, found[i].doc);
      }
    }
  }

  public void testNeutralAffinityAddsNothingAndSaysWhy() throws Exception {
    try (RandomCatalogue catalogue = new RandomCatalogue(random(), VectorSpace.COSINE, 100)) {
      Affinity neutral = Affinity.neutral("taste", VectorSpace.COSINE, "nobody [314]");
      ScoreFunction pivot = new ScoreFunction.AutoSaturation();
      Query with = new BlendQuery(relevance(), 1, pivot, List.of(neutral), List.of(), null);
      Query without = new BlendQuery(relevance(), 1, pivot, List.of(), List.of(), null);
      ScoreDoc[] expected = catalogue.searcher.search(without, 100).scoreDocs;
      ScoreDoc[] found = catalogue.searcher.search(with, 100).scoreDocs;
      assertTrue(expected.length > 0);
      assertEquals(expected.length, found.length);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i].doc, found[i].doc);
        assertEquals(expected[i].score, found[i].score, 0);
      }
      String explanation = catalogue.searcher.explain(with, found[0].doc).toString();
      assertTrue(explanation, explanation.contains("affinity [taste]: 0, nobody [314]"));
    }
  }

  public void testAutoPivotIsHalfwayForATypicalDocument() throws Exception {
    try (RandomCatalogue catalogue = new RandomCatalogue(random(), VectorSpace.L2, 300)) {
      catalogue.searcher.setSimilarity(new BM25Similarity());
      AutoPivot pivot = new AutoPivot(catalogue.searcher);
      Query dragon = new TermQuery(new Term("text", "dragon"));
      Query king = new TermQuery(new Term("text", "king"));
      double one = pivot.of(dragon);
      float best = catalogue.searcher.search(dragon, 1).scoreDocs[0].score;
      assertTrue(one + " is some document's score", one > 0 && one < best * 1.0001);
      assertEquals(3 * one, pivot.of(new BoostQuery(dragon, 3)), 1e-9);
      Query both =
          new BooleanQuery.Builder()
              .add(dragon, BooleanClause.Occur.SHOULD)
              .add(king, BooleanClause.Occur.MUST)
              .add(king, BooleanClause.Occur.FILTER)
              .add(dragon, BooleanClause.Occur.MUST_NOT)
              .build();
      assertEquals(one + pivot.of(king), pivot.of(both), 1e-9);
      assertEquals(
          Math.max(one, pivot.of(king)),
          pivot.of(new DisjunctionMaxQuery(List.of(dragon, king), 0)),
          1e-9);
      assertEquals(one + pivot.of(king), pivot.of(new PhraseQuery("text", "dragon", "king")), 1e-9);
      Query typo = new FuzzyQuery(new Term("text", "dragom"), 2);
      assertTrue(
          "the best expansion, lowered by its distance",
          pivot.of(typo) > 0.1 * one && pivot.of(typo) <= Math.max(one, pivot.of(king)));
      Query synonyms =
          new SynonymQuery.Builder("text")
              .addTerm(new Term("text", "dragon"))
              .addTerm(new Term("text", "king"))
              .build();
      assertEquals(Math.max(one, pivot.of(king)), pivot.of(synonyms), 1e-9);
      assertEquals(1, pivot.of(new TermQuery(new Term("text", "nobodyhasthis"))), 0);
      assertEquals(1, pivot.of(MatchAllDocsQuery.INSTANCE), 0);
    }
  }

  public void testEqualsAndHashCode() {
    Query query = blend(1, "popularity", null);
    QueryUtils.check(query);
    QueryUtils.checkEqual(query, blend(1, "popularity", null));
    QueryUtils.checkUnequal(query, blend(2, "popularity", null));
    QueryUtils.checkUnequal(query, blend(1, "other", null));
    QueryUtils.checkUnequal(query, blend(1, "popularity", MatchAllDocsQuery.INSTANCE));
  }

  private static Query blend(float x, String prior, Query recall) {
    return new BlendQuery(
        relevance(),
        1,
        new ScoreFunction.AutoSaturation(),
        List.of(
            new Affinity(
                "taste",
                VectorSpace.L2,
                new float[] {x},
                0.5,
                new ScoreFunction.Inverse(),
                0,
                "a vector")),
        List.of(
            new Prior(
                prior, DoubleValuesSource.fromLongField(prior), 1, new ScoreFunction.Log(10), 0)),
        recall);
  }

  private static Query relevance() {
    return new BooleanQuery.Builder()
        .add(new TermQuery(new Term("text", "dragon")), BooleanClause.Occur.SHOULD)
        .add(new TermQuery(new Term("text", "king")), BooleanClause.Occur.SHOULD)
        .build();
  }

  /** A blend and what the oracle must know of it. */
  private record Blend(
      Query relevance,
      double relevanceWeight,
      double pivot,
      List<Affinity> affinities,
      List<Prior> priors,
      float[] recallTarget,
      int recallK,
      VectorSpace space) {

    Query query() {
      Query recall =
          recallTarget == null
              ? null
              : new NearestQuery(
                  "taste", space, recallTarget, recallK, new AnnSearchStrategy(1, 1, true), null);
      return new BlendQuery(
          relevance,
          relevanceWeight,
          new ScoreFunction.Saturation(pivot),
          affinities,
          priors,
          recall);
    }
  }

  private static Blend randomBlend(RandomCatalogue catalogue) {
    List<Affinity> affinities = new ArrayList<>();
    for (int i = random().nextInt(3); i >= 0; i--) {
      ScoreFunction function =
          random().nextInt(3) == 0
              ? new ScoreFunction.Identity()
              : catalogue.space.defaultFunction();
      affinities.add(
          new Affinity(
              "taste",
              catalogue.space,
              Targets.of(catalogue.randomVectors(random(), 1 + random().nextInt(3))),
              random().nextDouble(),
              function,
              random().nextInt(3) * 0.3,
              "a vector"));
    }
    List<Prior> priors = new ArrayList<>();
    for (int i = random().nextInt(3); i > 0; i--) {
      List<ScoreFunction> functions =
          List.of(
              new ScoreFunction.Saturation(50),
              new ScoreFunction.Log(500),
              new ScoreFunction.Linear(300));
      priors.add(
          new Prior(
              "popularity",
              DoubleValuesSource.fromLongField("popularity"),
              random().nextDouble(),
              functions.get(random().nextInt(3)),
              random().nextInt(2) * 0.2));
    }
    Query relevance =
        switch (random().nextInt(3)) {
          case 0 -> new TermQuery(new Term("text", "star"));
          case 1 -> new PhraseQuery(1, "text", "dragon", "night");
          default -> relevance();
        };
    return new Blend(
        relevance,
        random().nextInt(5) == 0 ? 0 : random().nextDouble(),
        0.1 + random().nextDouble() * 3,
        affinities,
        priors,
        random().nextBoolean() ? catalogue.randomVector(random()) : null,
        1 + random().nextInt(30),
        catalogue.space);
  }

  private static Map<Integer, Float> oracle(RandomCatalogue catalogue, Blend blend)
      throws Exception {
    Map<Integer, Float> relevance = new HashMap<>();
    for (ScoreDoc hit : catalogue.searcher.search(blend.relevance(), 1000).scoreDocs) {
      relevance.put(catalogue.id(hit.doc), hit.score);
    }
    Set<Integer> recalled =
        blend.recallTarget() == null
            ? Set.of()
            : NearestQueryTests.best(catalogue, blend.recallTarget(), null, blend.recallK())
                .stream()
                .map(RandomCatalogue.Item::id)
                .collect(Collectors.toSet());
    Map<Integer, Float> scores = new HashMap<>();
    List<RandomCatalogue.Item> items = new ArrayList<>(catalogue.items);
    items.sort(Comparator.comparingInt(RandomCatalogue.Item::id));
    for (RandomCatalogue.Item item : items) {
      Float signal = relevance.get(item.id());
      if (signal == null && !recalled.contains(item.id())) {
        continue;
      }
      double relevancePart =
          signal == null ? 0 : blend.relevanceWeight() * (signal / (signal + blend.pivot()));
      double others = 0;
      for (Affinity affinity : blend.affinities()) {
        others += affinity.weight() * affinityValue(affinity, item);
      }
      for (Prior prior : blend.priors()) {
        others +=
            prior.weight()
                * (item.popularity() == null
                    ? prior.missing()
                    : prior.function().apply(item.popularity()));
      }
      scores.put(item.id(), (float) (relevancePart + others));
    }
    return scores;
  }

  private static double affinityValue(Affinity affinity, RandomCatalogue.Item item) {
    if (item.vector() == null) {
      return affinity.missing();
    }
    Targets targets = affinity.targets();
    float signal = affinity.space().signal(targets.get(0), item.vector());
    for (int i = 1; i < targets.size(); i++) {
      float other = affinity.space().signal(targets.get(i), item.vector());
      boolean nearer = affinity.space() == VectorSpace.L2 ? other < signal : other > signal;
      signal = nearer ? other : signal;
    }
    boolean raw = affinity.function() instanceof ScoreFunction.Identity;
    return switch (affinity.space()) {
      case L2 -> raw ? affinity.space().score(signal) : 1 / (1 + (double) signal);
      case COSINE -> raw ? affinity.space().score(signal) : (1 + (double) signal) / 2;
      case INNER_PRODUCT -> raw ? affinity.space().score(signal) : 1 / (1 + Math.exp(-signal));
    };
  }
}
