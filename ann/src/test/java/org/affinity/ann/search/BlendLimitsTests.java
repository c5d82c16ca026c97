/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.DoubleValuesSource;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.tests.search.QueryUtils;
import org.apache.lucene.tests.util.LuceneTestCase;

/** What {@code confidence} and {@code max_loss} promise, on random indices. */
public class BlendLimitsTests extends LuceneTestCase {

  /** One clause, so that a document has the same relevance to the last bit however it is found. */
  private static final Query WORD = new TermQuery(new Term("text", "star"));

  private static final double[] LOSSES = {0.001, 0.05, 0.2, 0.5, 0.9, 0.999};

  public void testNoDocumentOvertakesBeyondTheBound() throws Exception {
    int reordered = 0;
    for (int round = 0; round < 24; round++) {
      try (RandomCatalogue catalogue = catalogue(round)) {
        Map<Integer, Float> relevance = scores(catalogue, WORD);
        for (double maxLoss : LOSSES) {
          Query blend = blend(catalogue, maxLoss, randomConfidence());
          float boost = random().nextBoolean() ? 1 : 0.01f + 3 * random().nextFloat();
          ScoreDoc[] hits = catalogue.searcher.search(new BoostQuery(blend, boost), 1000).scoreDocs;
          assertEquals(relevance.keySet(), scores(hits).keySet());
          double least = Double.POSITIVE_INFINITY;
          for (ScoreDoc hit : hits) {
            float mine = relevance.get(hit.doc);
            assertTrue(
                hit.doc + " with " + mine + " lost more than " + maxLoss + " to one with " + least,
                !(least < (1 - maxLoss) * mine));
            reordered += mine > least ? 1 : 0;
            least = Math.min(least, mine);
          }
        }
      }
    }
    assertTrue("the affinities must matter: " + reordered, reordered > 1000);
  }

  public void testScoresAreTheFormula() throws Exception {
    for (int round = 0; round < 12; round++) {
      try (RandomCatalogue catalogue = catalogue(round)) {
        Map<Integer, Float> relevance = scores(catalogue, WORD);
        double maxLoss = LOSSES[random().nextInt(LOSSES.length)];
        double weight = 0.1 + random().nextDouble();
        double pivot = 0.1 + random().nextDouble();
        boolean identity = random().nextBoolean();
        ScoreFunction function =
            identity ? new ScoreFunction.Identity() : new ScoreFunction.Saturation(pivot);
        List<Affinity> affinities = affinities(catalogue, new Confidence.Full());
        double most = affinities.stream().mapToDouble(Affinity::weight).sum();
        Query free = new BlendQuery(WORD, weight, function, affinities, List.of(), null);
        Query bound =
            new BlendQuery(
                WORD, weight, function, affinities, List.of(), null, maxLoss, Precision.EXACT);
        Map<Integer, Float> sums = scores(catalogue, free);
        Map<Integer, Float> found = scores(catalogue, bound);
        assertEquals(sums.keySet(), found.keySet());
        for (Map.Entry<Integer, Float> entry : found.entrySet()) {
          double s = relevance.get(entry.getKey());
          double lifted = s / (1 - maxLoss);
          double part = weight * (identity ? s : s / (s + pivot));
          double cap = weight * (identity ? lifted : lifted / (lifted + pivot));
          double others = sums.get(entry.getKey()) - part;
          double expected = part + Math.min(1, (cap - part) / most) * others;
          assertEquals(expected, entry.getValue(), 1e-6 * (1 + expected));
          assertTrue(entry.getValue() <= sums.get(entry.getKey()));
        }
      }
    }
  }

  public void testAmongEqualsTheOtherPartsDecide() throws Exception {
    try (RandomCatalogue catalogue = catalogue(1)) {
      Query equal = new ConstantScoreQuery(WORD);
      Affinity affinity =
          new Affinity(
              "taste",
              catalogue.space,
              catalogue.randomVector(random()),
              20,
              catalogue.space.defaultFunction(),
              0,
              "a vector");
      ScoreFunction function = new ScoreFunction.Saturation(1);
      Query free = new BlendQuery(equal, 1, function, List.of(affinity), List.of(), null);
      Query bound =
          new BlendQuery(
              equal, 1, function, List.of(affinity), List.of(), null, 0.2, Precision.EXACT);
      ScoreDoc[] expected = catalogue.searcher.search(free, 1000).scoreDocs;
      ScoreDoc[] found = catalogue.searcher.search(bound, 1000).scoreDocs;
      Map<Integer, Float> wanted = scores(expected);
      for (int i = 1; i < found.length; i++) {
        float above = wanted.get(found[i - 1].doc);
        float below = wanted.get(found[i].doc);
        assertTrue(above + " before " + below, above > below - 1e-4f);
      }
      assertTrue(found[0].score - found[found.length - 1].score > 0.01);
    }
  }

  public void testPartsThatFitIntoTheRoomAreLeftAlone() {
    BlendFormula formula = formula(new MaxLoss(0.5), 0.05);
    assertEquals(1, formula.othersShare(3), 0);
    assertEquals(formula.score(0.5 + 0.03), formula.score(3f, 0.03), 0);
    BlendFormula large = formula(new MaxLoss(0.5), 5);
    // From 3 / 6 to 6 / 9: a sixth, for parts of at most 5.
    assertEquals(1 / 30.0, large.othersShare(3), 1e-12);
    assertEquals(0.5 + 2 / 30.0, large.score(3f, 2), 1e-6);
    assertEquals(2 / 3.0, large.score(3f, 5), 1e-6);
  }

  public void testNothingToLoseIsThePlainQueryItself() throws Exception {
    for (int round = 0; round < 6; round++) {
      try (RandomCatalogue catalogue = catalogue(round)) {
        Query blend =
            new BlendQuery(
                WORD,
                0.37,
                new ScoreFunction.Saturation(2),
                affinities(catalogue, new Confidence.Full()),
                List.of(popularity(new Confidence.Full())),
                null,
                0,
                Precision.EXACT);
        assertSameHits(
            catalogue.searcher.search(WORD, 1000), catalogue.searcher.search(blend, 1000));
        TopScoreDocCollectorManager top = new TopScoreDocCollectorManager(5, null, 1);
        assertSameHits(catalogue.searcher.search(WORD, 5), catalogue.searcher.search(blend, top));
      }
    }
  }

  public void testNoEvidenceIsThePlainQueryItself() throws Exception {
    for (int round = 0; round < 6; round++) {
      try (RandomCatalogue catalogue = catalogue(round)) {
        Confidence none = new Confidence.OfReference(0, 5);
        Query blend =
            new BlendQuery(
                WORD,
                0.37,
                new ScoreFunction.AutoSaturation(),
                affinities(catalogue, none),
                List.of(),
                null);
        assertSameHits(
            catalogue.searcher.search(WORD, 1000), catalogue.searcher.search(blend, 1000));
        // Of each document: the same order, as far as the function tells relevances apart.
        Confidence noneOfAny =
            new Confidence.OfDocument("ratings", DoubleValuesSource.constant(0), 5);
        Query byDocument =
            new BlendQuery(
                WORD,
                1,
                new ScoreFunction.Saturation(1),
                affinities(catalogue, noneOfAny),
                List.of(popularity(noneOfAny)),
                null);
        Query relevanceOnly =
            new BlendQuery(
                WORD,
                1,
                new ScoreFunction.Saturation(1),
                List.of(),
                List.of(popularity(new Confidence.Full(), 1e-300)),
                null);
        assertSameHits(
            catalogue.searcher.search(relevanceOnly, 1000),
            catalogue.searcher.search(byDocument, 1000));
      }
    }
  }

  public void testConfidenceScalesTheWeightOfEachDocument() throws Exception {
    for (int round = 0; round < 12; round++) {
      try (RandomCatalogue catalogue = catalogue(round)) {
        double k = 0.5 + random().nextDouble() * 100;
        Confidence byPopularity = popularityAsEvidence(k);
        double missing = random().nextDouble();
        Affinity affinity =
            new Affinity(
                "taste",
                catalogue.space,
                Targets.of(catalogue.randomVector(random())),
                0.8,
                new ScoreFunction.Sigmoid(0.3),
                missing,
                "a vector",
                byPopularity);
        Affinity ofReference =
            new Affinity(
                "taste",
                catalogue.space,
                Targets.of(catalogue.randomVector(random())),
                0.5,
                new ScoreFunction.Sigmoid(1),
                0,
                "three items",
                new Confidence.OfReference(3, k));
        Prior prior =
            new Prior(
                "popularity",
                DoubleValuesSource.fromLongField("popularity"),
                0.4,
                new ScoreFunction.Log(500),
                0.25,
                byPopularity);
        Query query =
            new BlendQuery(
                WORD,
                1,
                new ScoreFunction.Saturation(1),
                List.of(affinity, ofReference),
                List.of(prior),
                null);
        Map<Integer, Float> relevance = scores(catalogue, WORD);
        Map<Integer, RandomCatalogue.Item> items = new HashMap<>();
        catalogue.items.forEach(item -> items.put(item.id(), item));
        for (ScoreDoc hit : catalogue.searcher.search(query, 1000).scoreDocs) {
          RandomCatalogue.Item item = items.get(catalogue.id(hit.doc));
          double n = item.popularity() == null ? 0 : item.popularity();
          float s = relevance.get(hit.doc);
          double expected = s / (s + 1.0);
          expected += 0.8 * (n / (n + k)) * value(affinity, item);
          expected += 0.5 * (3 / (3 + k)) * value(ofReference, item);
          expected += n == 0 ? 0 : 0.4 * (n / (n + k)) * prior.function().apply(n);
          assertEquals(expected, hit.score, 1e-6);
        }
      }
    }
  }

  private static double value(Affinity affinity, RandomCatalogue.Item item) {
    return item.vector() == null
        ? affinity.missing()
        : affinity.value(affinity.space().signal(affinity.targets().get(0), item.vector()));
  }

  public void testPruningLosesNoHit() throws Exception {
    for (int round = 0; round < 40; round++) {
      try (RandomCatalogue catalogue = catalogue(round)) {
        double maxLoss = random().nextInt(4) == 0 ? 1 : LOSSES[random().nextInt(LOSSES.length)];
        float boost = random().nextBoolean() ? 1 : 0.01f + 3 * random().nextFloat();
        Query query = new BoostQuery(blend(catalogue, maxLoss, randomConfidence()), boost);
        int size = 1 + random().nextInt(20);
        TopDocs all = catalogue.searcher.search(query, 1000);
        TopDocs top =
            catalogue.searcher.search(query, new TopScoreDocCollectorManager(size, null, 1));
        assertEquals(Math.min(size, all.scoreDocs.length), top.scoreDocs.length);
        for (int i = 0; i < top.scoreDocs.length; i++) {
          assertEquals(all.scoreDocs[i].doc, top.scoreDocs[i].doc);
          assertEquals(all.scoreDocs[i].score, top.scoreDocs[i].score, 0);
        }
      }
    }
  }

  public void testBoundsHoldForAnyScore() {
    for (int i = 0; i < 5000; i++) {
      double maxLoss = random().nextBoolean() ? random().nextDouble() : LOSSES[i % LOSSES.length];
      ScoreFunction function =
          random().nextBoolean()
              ? new ScoreFunction.Saturation(0.1 + random().nextDouble() * 9)
              : new ScoreFunction.Identity();
      BlendFormula formula =
          new BlendFormula(
              0.1 + random().nextDouble(),
              function,
              List.of(
                  new Affinity(
                      "taste",
                      VectorSpace.INNER_PRODUCT,
                      Targets.of(new float[] {1}),
                      random().nextDouble(),
                      new ScoreFunction.Sigmoid(1),
                      0,
                      "a vector",
                      new Confidence.OfReference(random().nextInt(20), 5))),
              List.of(),
              new MaxLoss(maxLoss),
              random().nextBoolean() ? 1 : 0.01f + random().nextFloat() * 10);
      float relevance = (float) Math.exp(random().nextGaussian() * 2);
      double others = random().nextDouble() * formula.otherPartsUpperBound();
      float score = formula.score(relevance, others);
      assertTrue(score >= formula.score(formula.relevancePart(relevance)));
      assertTrue(formula.maxScore(relevance) >= score);
      assertTrue(formula.maxScore(relevance * 1.5f) >= score);
      assertTrue(formula.maxScore(Float.POSITIVE_INFINITY) >= score);
      assertTrue(formula.minRelevance(score) <= relevance);
      float out = new MaxLoss(maxLoss).outOfReach(relevance);
      assertTrue(relevance < (1 - maxLoss) * out);
      assertFalse(relevance < (1 - maxLoss) * Math.nextDown(out));
      if (maxLoss > 1e-3) {
        assertTrue(score < formula.score(formula.relevancePart(out)));
      }
    }
  }

  public void testTheLeastRelevanceOutOfReach() {
    MaxLoss half = new MaxLoss(0.5);
    assertEquals(Math.nextUp(4f), half.outOfReach(2), 0);
    assertEquals(Float.MIN_VALUE, half.outOfReach(0), 0);
    assertEquals(Math.nextUp(2f), new MaxLoss(0).outOfReach(2), 0);
    assertEquals(Float.POSITIVE_INFINITY, half.outOfReach(Float.MAX_VALUE), 0);
    assertEquals(Float.POSITIVE_INFINITY, half.outOfReach(Float.POSITIVE_INFINITY), 0);
    assertEquals(Float.POSITIVE_INFINITY, new MaxLoss(1 - 1e-16).outOfReach(1e30f), 0);
    assertEquals(Float.MAX_VALUE, new MaxLoss(0).outOfReach(Math.nextDown(Float.MAX_VALUE)), 0);
  }

  public void testPruningIsTighterWithABound() {
    BlendFormula free = formula(MaxLoss.UNLIMITED, 5);
    BlendFormula bound = formula(new MaxLoss(0.2), 5);
    float best = bound.score(bound.relevancePart(10));
    assertEquals(0, free.minRelevance(best), 0);
    assertEquals("four fifths of what alone scores that much", 8, bound.minRelevance(best), 1e-4);
    assertTrue(bound.maxScore(7.99f) < best);
    assertTrue(free.maxScore(7.99f) > best);
  }

  private static BlendFormula formula(MaxLoss maxLoss, double weight) {
    Affinity affinity =
        new Affinity(
            "taste",
            VectorSpace.INNER_PRODUCT,
            new float[] {1},
            weight,
            new ScoreFunction.Sigmoid(1),
            0,
            "a vector");
    return new BlendFormula(
        1, new ScoreFunction.Saturation(3), List.of(affinity), List.of(), maxLoss, 1);
  }

  public void testExplanationsHaveTheScoreAndSayWhatLimitsIt() throws Exception {
    int capped = 0;
    for (int round = 0; round < 6; round++) {
      try (RandomCatalogue catalogue = catalogue(round)) {
        Query query = blend(catalogue, 0.05, popularityAsEvidence(3));
        for (ScoreDoc hit : catalogue.searcher.search(query, 50).scoreDocs) {
          Explanation explanation = catalogue.searcher.explain(query, hit.doc);
          assertEquals(hit.score, explanation.getValue().floatValue(), 0);
          String text = explanation.toString();
          assertTrue(text, text.contains("confidence n / (n + 3.0) of n = "));
          assertTrue(text, text.contains(", [popularity], * "));
          capped += explanation.getDescription().startsWith("max_loss 0.05: ") ? 1 : 0;
        }
      }
    }
    assertTrue(capped > 0);
  }

  public void testRefusesWhatHasNoMeaning() {
    ScoreFunction saturation = new ScoreFunction.Saturation(1);
    for (double bad : new double[] {-0.1, 1.1, Double.NaN}) {
      expectThrows(
          IllegalArgumentException.class,
          () ->
              new BlendQuery(
                  WORD, 1, saturation, List.of(), List.of(), null, bad, Precision.EXACT));
    }
    Affinity unbounded =
        new Affinity(
            "taste",
            VectorSpace.INNER_PRODUCT,
            new float[] {1},
            1,
            new ScoreFunction.Identity(),
            0,
            "a vector");
    expectThrows(
        IllegalArgumentException.class,
        () ->
            new BlendQuery(
                WORD, 1, saturation, List.of(unbounded), List.of(), null, 0.2, Precision.EXACT));
    expectThrows(
        IllegalArgumentException.class,
        () ->
            new BlendQuery(WORD, 0, saturation, List.of(), List.of(), null, 0.2, Precision.EXACT));
    expectThrows(
        IllegalArgumentException.class,
        () ->
            new BlendQuery(WORD, 1, saturation, List.of(), List.of(), WORD, 0.2, Precision.EXACT));
    expectThrows(
        IllegalArgumentException.class,
        () ->
            new BlendQuery(
                WORD,
                1,
                new ScoreFunction.Log(9),
                List.of(),
                List.of(),
                null,
                0.2,
                Precision.EXACT));
  }

  public void testEqualsAndHashCode() {
    Query query = simple(0.2, new Confidence.OfReference(2, 5));
    QueryUtils.check(query);
    QueryUtils.checkEqual(query, simple(0.2, new Confidence.OfReference(2, 5)));
    QueryUtils.checkUnequal(query, simple(0.3, new Confidence.OfReference(2, 5)));
    QueryUtils.checkUnequal(query, simple(0.2, new Confidence.OfReference(3, 5)));
    QueryUtils.checkUnequal(query, simple(0.2, new Confidence.Full()));
    QueryUtils.checkEqual(
        simple(0.2, popularityAsEvidence(5)), simple(0.2, popularityAsEvidence(5)));
  }

  private static Query simple(double maxLoss, Confidence confidence) {
    Affinity affinity =
        new Affinity(
            "taste",
            VectorSpace.COSINE,
            Targets.of(new float[] {1}),
            1,
            new ScoreFunction.Rescale(),
            0,
            "a vector",
            confidence);
    return new BlendQuery(
        WORD,
        1,
        new ScoreFunction.AutoSaturation(),
        List.of(affinity),
        List.of(),
        null,
        maxLoss,
        Precision.EXACT);
  }

  private static RandomCatalogue catalogue(int round) throws Exception {
    return new RandomCatalogue(random(), VectorSpace.values()[round % 3], 350);
  }

  private static Query blend(RandomCatalogue catalogue, double maxLoss, Confidence confidence) {
    ScoreFunction function =
        switch (random().nextInt(3)) {
          case 0 -> new ScoreFunction.AutoSaturation();
          case 1 -> new ScoreFunction.Saturation(0.01 + random().nextDouble() * 3);
          default -> new ScoreFunction.Identity();
        };
    // A clause that does not score leaves the relevance of each document as it is.
    Query words =
        random().nextBoolean()
            ? WORD
            : new BooleanQuery.Builder()
                .add(WORD, BooleanClause.Occur.MUST)
                .add(MatchAllDocsQuery.INSTANCE, BooleanClause.Occur.FILTER)
                .build();
    return new BlendQuery(
        words,
        0.05 + random().nextDouble(),
        function,
        affinities(catalogue, confidence),
        random().nextBoolean() ? List.of() : List.of(popularity(confidence)),
        null,
        maxLoss,
        Precision.EXACT);
  }

  private static List<Affinity> affinities(RandomCatalogue catalogue, Confidence confidence) {
    List<Affinity> affinities = new ArrayList<>();
    for (int i = random().nextInt(2); i >= 0; i--) {
      affinities.add(
          new Affinity(
              "taste",
              catalogue.space,
              Targets.of(catalogue.randomVector(random())),
              random().nextDouble() * 3,
              catalogue.space != VectorSpace.INNER_PRODUCT && random().nextBoolean()
                  ? new ScoreFunction.Identity()
                  : catalogue.space.defaultFunction(),
              random().nextInt(2) * 0.3,
              "a vector",
              confidence));
    }
    return affinities;
  }

  private static Confidence randomConfidence() {
    return switch (random().nextInt(3)) {
      case 0 -> new Confidence.Full();
      case 1 -> new Confidence.OfReference(1 + random().nextInt(9), 0.5 + random().nextDouble());
      default -> popularityAsEvidence(1 + random().nextInt(100));
    };
  }

  private static Confidence popularityAsEvidence(double k) {
    return new Confidence.OfDocument(
        "popularity", DoubleValuesSource.fromLongField("popularity"), k);
  }

  private static Prior popularity(Confidence confidence) {
    return popularity(confidence, 0.5);
  }

  private static Prior popularity(Confidence confidence, double weight) {
    return new Prior(
        "popularity",
        DoubleValuesSource.fromLongField("popularity"),
        weight,
        new ScoreFunction.Saturation(50),
        0.1,
        confidence);
  }

  private static Map<Integer, Float> scores(RandomCatalogue catalogue, Query query)
      throws Exception {
    return scores(catalogue.searcher.search(query, 1000).scoreDocs);
  }

  private static Map<Integer, Float> scores(ScoreDoc[] hits) {
    Map<Integer, Float> scores = new HashMap<>();
    for (ScoreDoc hit : hits) {
      scores.put(hit.doc, hit.score);
    }
    return scores;
  }

  private static void assertSameHits(TopDocs expected, TopDocs found) {
    assertTrue(expected.scoreDocs.length > 0);
    assertEquals(expected.scoreDocs.length, found.scoreDocs.length);
    for (int i = 0; i < expected.scoreDocs.length; i++) {
      assertEquals(expected.scoreDocs[i].doc, found.scoreDocs[i].doc);
      assertEquals(expected.scoreDocs[i].score, found.scoreDocs[i].score, 0);
    }
  }
}
