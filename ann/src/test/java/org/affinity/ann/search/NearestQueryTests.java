/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.affinity.ann.pq.PqEncoding;
import org.affinity.ann.pq.PqFlatVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.search.QueryUtils;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.TestUtil;

/** Brute force is the oracle. */
public class NearestQueryTests extends LuceneTestCase {

  private static final AnnSearchStrategy EXACT = new AnnSearchStrategy(1, 1, true);

  public void testExactSearchIsBruteForce() throws Exception {
    for (VectorSpace space : VectorSpace.values()) {
      try (RandomCatalogue catalogue = new RandomCatalogue(random(), space, 300)) {
        float[] target = catalogue.randomVector(random());
        int k = 1 + random().nextInt(40);
        Query query = new NearestQuery("taste", space, target, k, EXACT, null);
        assertHits(catalogue, query, best(catalogue, target, null, k));
      }
    }
  }

  public void testApproximateHitsHaveExactScores() throws Exception {
    for (VectorSpace space : VectorSpace.values()) {
      try (RandomCatalogue catalogue = new RandomCatalogue(random(), space, 400)) {
        float[] target = catalogue.randomVector(random());
        int k = 10;
        AnnSearchStrategy strategy = new AnnSearchStrategy(20, 2, false);
        Query query = new NearestQuery("taste", space, target, k, strategy, null);
        TopDocs found = catalogue.searcher.search(query, 100);
        assertEquals("one list of k, not one a segment", k, found.scoreDocs.length);
        for (ScoreDoc hit : found.scoreDocs) {
          assertEquals(score(catalogue, catalogue.id(hit.doc), target), hit.score, 0);
        }
      }
    }
  }

  public void testFilterNeverLosesResults() throws Exception {
    for (VectorSpace space : VectorSpace.values()) {
      try (RandomCatalogue catalogue = new RandomCatalogue(random(), space, 300)) {
        float[] target = catalogue.randomVector(random());
        Query filter = new TermQuery(new Term("group", "2"));
        int k = 1 + random().nextInt(200);
        Query query =
            new NearestQuery("taste", space, target, k, AnnSearchStrategy.DEFAULT, filter);
        assertHits(catalogue, query, best(catalogue, target, "2", k));
      }
    }
  }

  public void testWithinFindsAllAboveTheMinimum() throws Exception {
    for (VectorSpace space : VectorSpace.values()) {
      try (RandomCatalogue catalogue = new RandomCatalogue(random(), space, 300)) {
        float[] target = catalogue.randomVector(random());
        List<RandomCatalogue.Item> all = best(catalogue, target, null, 1000);
        int expected = random().nextInt(all.size());
        float minScore = space.score(space.signal(target, all.get(expected).vector()));
        Query query = new WithinQuery("taste", space, target, minScore);
        assertHits(catalogue, query, all.subList(0, expected + 1));
        assertEquals(expected + 1, catalogue.searcher.count(query));
      }
    }
  }

  public void testStopsAtTheTimeoutWithWhatItHas() throws Exception {
    for (AnnSearchStrategy strategy :
        new AnnSearchStrategy[] {EXACT, new AnnSearchStrategy(20, 1, false)}) {
      try (RandomCatalogue catalogue = new RandomCatalogue(random(), VectorSpace.L2, 300)) {
        float[] target = catalogue.randomVector(random());
        Query query = new NearestQuery("taste", VectorSpace.L2, target, 10, strategy, null);
        assertEquals(10, catalogue.searcher.search(query, 10).scoreDocs.length);
        catalogue.searcher.setTimeout(() -> true);
        assertEquals(0, catalogue.searcher.count(new ConstantScoreQuery(query)));
      }
    }
  }

  /** However long a segment is: the clock is looked at all the way. */
  public void testStopsWithinASegment() throws Exception {
    for (int exact = 0; exact < 2; exact++) {
      AnnSearchStrategy strategy = new AnnSearchStrategy(10, 1, exact == 1);
      try (Directory directory = newDirectory();
          DirectoryReader reader = manyVectors(directory)) {
        IndexSearcher searcher = new IndexSearcher(reader);
        AtomicInteger looks = new AtomicInteger();
        searcher.setTimeout(() -> looks.incrementAndGet() > 3);
        List<SearchPlan> plans = new ArrayList<>();
        Query query =
            new NearestQuery("v", VectorSpace.L2, new float[] {0.5f, 0.5f}, 10, strategy, null)
                .reportingTo((field, plan) -> plans.add(plan));
        searcher.rewrite(query).createWeight(searcher, ScoreMode.COMPLETE, 1).scorer(leaf(reader));
        assertTrue(plans.toString(), plans.get(0).stopped());
        assertTrue(plans.toString(), plans.get(0).compared() < 9000);
        assertTrue(plans.toString(), plans.get(0).toString().endsWith("; stopped before the end"));
      }
    }
  }

  private static LeafReaderContext leaf(DirectoryReader reader) {
    assertEquals(1, reader.leaves().size());
    return reader.leaves().get(0);
  }

  private static DirectoryReader manyVectors(Directory directory) throws IOException {
    IndexWriterConfig config = new IndexWriterConfig();
    config.setCodec(TestUtil.alwaysKnnVectorsFormat(new PqFlatVectorsFormat(PqEncoding.NONE)));
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (int i = 0; i < 10_000; i++) {
        Document document = new Document();
        float[] vector = {random().nextFloat(), random().nextFloat()};
        document.add(new KnnFloatVectorField("v", vector, VectorSpace.L2.similarity()));
        writer.addDocument(document);
      }
      writer.forceMerge(1);
    }
    return DirectoryReader.open(directory);
  }

  public void testThePlanIsToldOnceItWasCarriedOut() throws Exception {
    try (Directory directory = newDirectory();
        DirectoryReader reader = manyVectors(directory)) {
      IndexSearcher searcher = new IndexSearcher(reader);
      Query query =
          new NearestQuery("v", VectorSpace.L2, new float[] {0.5f, 0.5f}, 10, EXACT, null);
      Query rewritten = searcher.rewrite(query);
      assertSame(rewritten, searcher.rewrite(rewritten));
      assertEquals("nearest[v] k=10 exact", rewritten.toString());
      int best = searcher.search(rewritten, 1).scoreDocs[0].doc;
      String plan = "1 segment: exact 1 (10,000 vectors)";
      assertEquals("nearest[v] k=10 exact: " + plan, rewritten.toString());
      Explanation explanation = searcher.explain(rewritten, best);
      assertTrue(explanation.isMatch());
      String text = explanation.toString();
      assertTrue(text, text.contains("nearest[v] k=10 exact, score "));
      assertTrue(text, text.contains(" of squared distance "));
      assertTrue(text, text.contains("found by " + plan));
      QueryUtils.checkEqual(rewritten, searcher.rewrite(query));
    }
  }

  public void testUnknownFieldAndNoVectorsFindNothing() throws Exception {
    try (RandomCatalogue catalogue = new RandomCatalogue(random(), VectorSpace.L2, 20)) {
      float[] target = catalogue.randomVector(random());
      Query query =
          new NearestQuery("absent", VectorSpace.L2, target, 3, AnnSearchStrategy.DEFAULT, null);
      assertEquals(0, catalogue.searcher.count(query));
      assertEquals(
          0, catalogue.searcher.count(new WithinQuery("absent", VectorSpace.L2, target, 0)));
    }
  }

  public void testWrongDimensionIsRefusedInWords() throws Exception {
    try (RandomCatalogue catalogue = new RandomCatalogue(random(), VectorSpace.L2, 50)) {
      float[] target = new float[catalogue.dimension + 1];
      Query query = new NearestQuery("taste", VectorSpace.L2, target, 3, EXACT, null);
      Exception e =
          expectThrows(IllegalArgumentException.class, () -> catalogue.searcher.count(query));
      assertTrue(e.getMessage(), e.getMessage().contains("field [taste] has dimension"));
    }
  }

  public void testEqualsHashCodeAndVisit() {
    Query query = nearest(5, null);
    QueryUtils.check(query);
    QueryUtils.checkEqual(query, nearest(5, null));
    QueryUtils.checkUnequal(query, nearest(6, null));
    QueryUtils.checkUnequal(query, nearest(5, new TermQuery(new Term("a", "b"))));
    WithinQuery within = new WithinQuery("taste", VectorSpace.L2, new float[2], 0.5f);
    QueryUtils.checkEqual(within, new WithinQuery("taste", VectorSpace.L2, new float[2], 0.5f));
    QueryUtils.checkUnequal(within, new WithinQuery("taste", VectorSpace.L2, new float[2], 0.4f));
    List<Query> leaves = new ArrayList<>();
    query.visit(
        new QueryVisitor() {
          @Override
          public void visitLeaf(Query leaf) {
            leaves.add(leaf);
          }
        });
    assertEquals(List.of(query), leaves);
  }

  private static Query nearest(int k, Query filter) {
    return new NearestQuery(
        "taste", VectorSpace.L2, new float[] {1, 2}, k, AnnSearchStrategy.DEFAULT, filter);
  }

  static List<RandomCatalogue.Item> best(
      RandomCatalogue catalogue, float[] target, String group, int k) {
    VectorSpace space = catalogue.space;
    return catalogue.items.stream()
        .filter(item -> item.vector() != null)
        .filter(item -> group == null || item.group().equals(group))
        .sorted(
            Comparator.comparingDouble(
                    (RandomCatalogue.Item item) ->
                        -space.score(space.signal(target, item.vector())))
                .thenComparing(RandomCatalogue.Item::id))
        .limit(k)
        .toList();
  }

  private static float score(RandomCatalogue catalogue, int id, float[] target) {
    return catalogue.items.stream()
        .filter(item -> item.id() == id)
        .map(item -> catalogue.space.score(catalogue.space.signal(target, item.vector())))
        .findFirst()
        .orElseThrow();
  }

  private static void assertHits(
      RandomCatalogue catalogue, Query query, List<RandomCatalogue.Item> expected)
      throws Exception {
    TopDocs found = catalogue.searcher.search(query, 1000);
    List<Integer> ids = new ArrayList<>();
    for (ScoreDoc hit : found.scoreDocs) {
      ids.add(catalogue.id(hit.doc));
    }
    assertEquals(expected.stream().map(RandomCatalogue.Item::id).toList(), ids);
  }
}
