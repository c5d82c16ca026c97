/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.affinity.ann.ivf.AffinityIvfPqVectorsFormat;
import org.affinity.ann.ivf.IvfParameters;
import org.affinity.ann.pq.PqEncoding;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.DoubleValuesSource;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.TestUtil;

/** A search may allocate, a scored document must not. */
public class BlendAllocationTests extends LuceneTestCase {

  private static final int FEW = 2_000;
  private static final int MANY = 30_000;

  public void testNoByteForAScoredDocument() throws Exception {
    Path path = createTempDir();
    try (Directory directory = new MMapDirectory(path);
        IndexWriter writer =
            new IndexWriter(
                directory,
                new IndexWriterConfig()
                    .setCodec(
                        TestUtil.alwaysKnnVectorsFormat(
                            new AffinityIvfPqVectorsFormat(
                                new IvfParameters(0, 0, new PqEncoding(4, 4, 1000))))))) {
      Random random = random();
      for (int i = 0; i < MANY; i++) {
        Document document = new Document();
        document.add(new StringField("text", "many", Field.Store.NO));
        if (i % (MANY / FEW) == 0) {
          document.add(new StringField("text", "few", Field.Store.NO));
        }
        float[] vector = new float[16];
        for (int d = 0; d < vector.length; d++) {
          vector[d] = (float) random.nextGaussian();
        }
        document.add(
            new KnnFloatVectorField("taste", vector, VectorSpace.INNER_PRODUCT.similarity()));
        document.add(new NumericDocValuesField("popularity", random.nextInt(500)));
        writer.addDocument(document);
      }
      writer.forceMerge(1);
      try (DirectoryReader reader = DirectoryReader.open(writer)) {
        IndexSearcher searcher = new IndexSearcher(reader);
        searcher.setQueryCache(null);
        for (Precision precision : Precision.values()) {
          long few = allocated(searcher, query("few", precision));
          long many = allocated(searcher, query("many", precision));
          double each = (many - few) / (double) (MANY - FEW);
          assertTrue(precision + ": " + each + " bytes a document", each < 0.5);
        }
      }
    }
  }

  /** The least of many searches: compilers and collectors come in between. */
  private static long allocated(IndexSearcher searcher, Query query) throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 150; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      searcher.search(query, new TopScoreDocCollectorManager(10, null, Integer.MAX_VALUE));
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  private static Query query(String word, Precision precision) {
    float[] target = new float[16];
    target[3] = 1;
    return new BlendQuery(
        new TermQuery(new Term("text", word)),
        1,
        new ScoreFunction.Saturation(1),
        List.of(
            new Affinity(
                "taste",
                VectorSpace.INNER_PRODUCT,
                target,
                0.4,
                new ScoreFunction.Sigmoid(1),
                0,
                "a vector")),
        List.of(
            new Prior(
                "popularity",
                DoubleValuesSource.fromLongField("popularity"),
                0.2,
                new ScoreFunction.Log(500),
                0)),
        null,
        1,
        precision);
  }
}
