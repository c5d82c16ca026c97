/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TotalHits;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;

/** The oracle computes the marginal relevance of every candidate anew for every place. */
public class DiversificationTests extends LuceneTestCase {

  private static final double EPSILON = 1e-5;

  public void testEveryPlaceIsTheBestByBruteForce() throws Exception {
    for (int round = 0; round < 30; round++) {
      VectorSpace space = VectorSpace.values()[round % 3];
      try (RandomCatalogue catalogue = new RandomCatalogue(random(), space, 150)) {
        TopDocs hits = catalogue.searcher.search(words(), 1 + random().nextInt(120));
        int candidates = 1 + random().nextInt(100);
        int places = 1 + random().nextInt(candidates);
        double lambda = random().nextInt(8) / 8.0;
        Diversification diversification =
            new Diversification("taste", space, lambda, candidates, places);
        ScoreDoc[] found = diversification.apply(catalogue.searcher, hits).hits().scoreDocs;
        assertUnchangedBesidesTheOrder(hits, found, Math.min(candidates, found.length));
        checkPlaces(catalogue, diversification, hits, found);
      }
    }
  }

  private void checkPlaces(
      RandomCatalogue catalogue, Diversification asked, TopDocs hits, ScoreDoc[] found)
      throws Exception {
    Map<Integer, float[]> vectors = new HashMap<>();
    for (RandomCatalogue.Item item : catalogue.items) {
      vectors.put(item.id(), item.vector());
    }
    List<ScoreDoc> left =
        new ArrayList<>(
            Arrays.asList(hits.scoreDocs)
                .subList(0, Math.min(asked.candidates(), hits.scoreDocs.length)));
    List<float[]> before = new ArrayList<>();
    for (int place = 0; place < Math.min(asked.places(), found.length); place++) {
      double best = Double.NEGATIVE_INFINITY;
      double ofFound = Double.NaN;
      ScoreDoc taken = null;
      for (ScoreDoc hit : left) {
        double like = 0;
        for (float[] other : before) {
          like = Math.max(like, like(asked.space(), vectors.get(catalogue.id(hit.doc)), other));
        }
        double value =
            asked.lambda() * hit.score / hits.scoreDocs[0].score - (1 - asked.lambda()) * like;
        best = Math.max(best, value);
        if (hit.doc == found[place].doc) {
          ofFound = value;
          taken = hit;
        }
      }
      assertEquals("place " + place + " of " + asked, best, ofFound, EPSILON);
      left.remove(taken);
      before.add(vectors.get(catalogue.id(taken.doc)));
    }
    for (int i = 0; i < left.size(); i++) {
      assertEquals(left.get(i).doc, found[asked.places() + i].doc);
    }
  }

  /** Written anew, in double precision. */
  private static double like(VectorSpace space, float[] a, float[] b) {
    if (a == null || b == null) {
      return 0;
    }
    double dot = 0;
    double normA = 0;
    double normB = 0;
    double distance = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      normA += (double) a[i] * a[i];
      normB += (double) b[i] * b[i];
      distance += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return space == VectorSpace.L2
        ? 1 / (1 + distance)
        : Math.max(0, dot / Math.sqrt(normA) / Math.sqrt(normB));
  }

  private static void assertUnchangedBesidesTheOrder(
      TopDocs hits, ScoreDoc[] found, int candidates) {
    assertEquals(hits.scoreDocs.length, found.length);
    Set<Integer> before = new HashSet<>();
    Set<Integer> after = new HashSet<>();
    for (int i = 0; i < found.length; i++) {
      assertEquals("score of place " + i, hits.scoreDocs[i].score, found[i].score, 0);
      before.add(hits.scoreDocs[i].doc);
      after.add(found[i].doc);
      if (i >= candidates) {
        assertEquals(hits.scoreDocs[i].doc, found[i].doc);
      }
    }
    assertEquals(before, after);
  }

  public void testALambdaOfOneChangesNothing() throws Exception {
    try (RandomCatalogue catalogue = new RandomCatalogue(random(), VectorSpace.COSINE, 150)) {
      TopDocs hits = catalogue.searcher.search(words(), 100);
      TopDocs same =
          new Diversification("taste", VectorSpace.COSINE, 1, 80, 80)
              .apply(catalogue.searcher, hits)
              .hits();
      for (int i = 0; i < hits.scoreDocs.length; i++) {
        assertEquals(hits.scoreDocs[i].doc, same.scoreDocs[i].doc);
        assertEquals(hits.scoreDocs[i].score, same.scoreDocs[i].score, 0);
      }
      assertEquals(hits.totalHits, same.totalHits);
    }
  }

  public void testALikeHitGoesBehindAnUnlikeOne() throws Exception {
    float[][] vectors = {{1, 0}, {3, 0.1f}, {0, 2}, null, {0, 0}, {-1, 0}};
    assertOrder(VectorSpace.INNER_PRODUCT, vectors, 0.5, 6, 0, 2, 3, 4, 5, 1);
    assertOrder(VectorSpace.INNER_PRODUCT, vectors, 0.5, 1, 0, 1, 2, 3, 4, 5);
    float[][] places = {{0, 0}, {0, 0.1f}, {9, 9}};
    assertOrder(VectorSpace.L2, places, 0.5, 3, 0, 2, 1);
  }

  public void testScoresOfZeroOrLessAreNoRelevance() throws Exception {
    float[][] vectors = {{1, 0}, {1, 0}, {0, 1}};
    withSearcher(
        VectorSpace.COSINE,
        vectors,
        searcher -> {
          for (float[] scores : new float[][] {{0, 0, 0}, {0, -1, -2}, {-1, -2, -3}}) {
            TopDocs hits = hits(scores);
            Diversification.Diversified found =
                new Diversification("taste", VectorSpace.COSINE, 0.5, 3, 3).apply(searcher, hits);
            assertEquals(List.of(0, 2, 1), docs(found.hits()));
            assertEquals(scores[2], found.hits().scoreDocs[2].score, 0);
          }
        });
  }

  public void testInfiniteScoresAreRelevance() throws Exception {
    withSearcher(
        VectorSpace.COSINE,
        new float[][] {{1, 0}, {1, 0}, {0, 1}},
        searcher -> {
          float infinite = Float.POSITIVE_INFINITY;
          TopDocs found =
              new Diversification("taste", VectorSpace.COSINE, 0.5, 3, 3)
                  .apply(searcher, hits(infinite, infinite, 3))
                  .hits();
          assertEquals(List.of(0, 1, 2), docs(found));
        });
  }

  public void testTellsWhy() throws Exception {
    withSearcher(
        VectorSpace.COSINE,
        new float[][] {{1, 0}, {3, 0}, {0, 1}},
        searcher -> {
          List<Diversification.Placement> chosen =
              new Diversification("taste", VectorSpace.COSINE, 0.5, 3, 3)
                  .apply(searcher, hits(4, 2, 1))
                  .chosen();
          assertEquals(
              List.of(0, 2, 1), chosen.stream().map(placement -> placement.hit().doc).toList());
          Diversification.Placement last = chosen.get(2);
          assertEquals(2, last.place());
          assertEquals(1, last.hit().score, 0);
          assertEquals(0.5, last.relevance(), 0);
          assertEquals(1, last.likeness(), 1e-6);
          assertEquals(0, last.likestPlace());
          assertEquals(-1, chosen.get(1).likestPlace());
        });
  }

  public void testPastItsTimeTheRestKeepsItsOrder() throws Exception {
    withSearcher(
        VectorSpace.COSINE,
        new float[][] {{1, 0}, {1, 0}, {1, 0}, {0, 1}},
        searcher -> {
          AtomicInteger looks = new AtomicInteger();
          searcher.setTimeout(() -> looks.incrementAndGet() > 2);
          Diversification.Diversified found =
              new Diversification("taste", VectorSpace.COSINE, 0.1, 4, 4)
                  .apply(searcher, hits(4, 3, 2, 1));
          assertEquals(List.of(0, 3, 1, 2), docs(found.hits()));
          assertEquals(2, found.chosen().size());
        });
  }

  public void testRefusesWhatMakesNoSense() {
    for (double lambda : new double[] {-0.1, 1.1, Double.NaN}) {
      expectThrows(
          IllegalArgumentException.class,
          () -> new Diversification("taste", VectorSpace.L2, lambda, 3, 3));
    }
    expectThrows(
        IllegalArgumentException.class,
        () -> new Diversification("taste", VectorSpace.L2, 0.5, 3, 4));
    expectThrows(
        IllegalArgumentException.class,
        () -> new Diversification("taste", VectorSpace.L2, 0.5, 3, 0));
  }

  private static void assertOrder(
      VectorSpace space, float[][] vectors, double lambda, int places, Integer... expected)
      throws Exception {
    withSearcher(
        space,
        vectors,
        searcher -> {
          float[] scores = new float[vectors.length];
          Arrays.fill(scores, 2);
          TopDocs found =
              new Diversification("taste", space, lambda, vectors.length, places)
                  .apply(searcher, hits(scores))
                  .hits();
          assertEquals(List.of(expected), docs(found));
        });
  }

  @FunctionalInterface
  private interface Check {
    void on(IndexSearcher searcher) throws Exception;
  }

  /** A searcher over one document per vector, in several segments. */
  private static void withSearcher(VectorSpace space, float[][] vectors, Check check)
      throws Exception {
    try (Directory directory = newDirectory();
        IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
      for (float[] vector : vectors) {
        Document document = new Document();
        if (vector != null) {
          document.add(new KnnFloatVectorField("taste", vector, space.similarity()));
        }
        writer.addDocument(document);
        if (random().nextBoolean()) {
          writer.commit();
        }
      }
      try (DirectoryReader reader = DirectoryReader.open(writer)) {
        check.on(new IndexSearcher(reader));
      }
    }
  }

  private static TopDocs hits(float... scores) {
    ScoreDoc[] hits = new ScoreDoc[scores.length];
    for (int i = 0; i < scores.length; i++) {
      hits[i] = new ScoreDoc(i, scores[i]);
    }
    return new TopDocs(new TotalHits(scores.length, TotalHits.Relation.EQUAL_TO), hits);
  }

  private static List<Integer> docs(TopDocs hits) {
    return Arrays.stream(hits.scoreDocs).map(hit -> hit.doc).toList();
  }

  private static Query words() {
    BooleanQuery.Builder query = new BooleanQuery.Builder();
    for (String word : RandomCatalogue.WORDS) {
      query.add(new TermQuery(new Term("text", word)), BooleanClause.Occur.SHOULD);
    }
    return query.build();
  }
}
