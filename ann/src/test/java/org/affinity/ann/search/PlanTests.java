/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.affinity.ann.ivf.AffinityIvfPqVectorsFormat;
import org.affinity.ann.ivf.IvfParameters;
import org.affinity.ann.pq.PqEncoding;
import org.affinity.ann.pq.PqFlatVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.TestUtil;

/** What our formats report is what the plan tells. */
public class PlanTests extends LuceneTestCase {

  private static final int SIZE = 3000;

  public void testListsAreCountedAndCapped() throws Exception {
    KnnVectorsFormat format =
        new AffinityIvfPqVectorsFormat(new IvfParameters(30, 0, new PqEncoding(4, 32)));
    SearchPlan.Work free = plan(format, 0).methods().get("ivf");
    assertEquals(1, free.segments());
    assertTrue(free.toString(), free.listsProbed() > 2);
    assertTrue(free.toString(), free.compared() > 0 && free.compared() <= SIZE);
    assertTrue(free.toString(), free.rescored() >= 10);
    SearchPlan.Work capped = plan(format, 1).methods().get("ivf");
    assertTrue(capped.toString(), capped.listsProbed() < free.listsProbed());
    assertTrue(capped.toString(), capped.compared() < free.compared());
    SearchPlan.Work all = plan(format, 30).methods().get("ivf");
    assertEquals("a cap, no order", free.listsProbed(), all.listsProbed());
  }

  public void testTheNprobesOfAQueryGoBeforeTheSegments() throws Exception {
    KnnVectorsFormat one =
        new AffinityIvfPqVectorsFormat(new IvfParameters(30, 1, new PqEncoding(4, 32)));
    long own = plan(one, 0).listsProbed();
    assertTrue(plan(one, 30).listsProbed() > own);
  }

  public void testCodesAndVectorsOfAFlatFormat() throws Exception {
    SearchPlan codes = plan(new PqFlatVectorsFormat(new PqEncoding(4, 32)), 0);
    assertEquals(SIZE, codes.methods().get("flat").compared());
    assertFalse(codes.exact());
    SearchPlan vectors = plan(new PqFlatVectorsFormat(PqEncoding.NONE), 0);
    assertTrue(vectors.toString(), vectors.exact());
    assertEquals("1 segment: exact 1 (3,000 vectors)", vectors.toString());
  }

  private static SearchPlan plan(KnnVectorsFormat format, int nprobes) throws Exception {
    List<SearchPlan> plans = new ArrayList<>();
    try (Directory directory = newDirectory()) {
      IndexWriterConfig config = new IndexWriterConfig();
      config.setCodec(TestUtil.alwaysKnnVectorsFormat(format));
      Random random = new Random(5); // numbers of lists are of this data
      try (IndexWriter writer = new IndexWriter(directory, config)) {
        for (int i = 0; i < SIZE; i++) {
          Document document = new Document();
          document.add(new KnnFloatVectorField("v", vector(random), VectorSpace.L2.similarity()));
          writer.addDocument(document);
        }
        writer.forceMerge(1);
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        AnnSearchStrategy strategy = new AnnSearchStrategy(10, nprobes, 1, false);
        IndexSearcher searcher = new IndexSearcher(reader);
        searcher.search(
            new NearestQuery("v", VectorSpace.L2, vector(random), 10, strategy, null)
                .reportingTo((field, plan) -> plans.add(plan)),
            10);
      }
    }
    assertEquals(1, plans.size());
    return plans.get(0);
  }

  private static float[] vector(Random random) {
    float[] vector = new float[8];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }
}
