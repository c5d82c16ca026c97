/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.affinity.ann.hnsw.AffinityHnswPqVectorsFormat;
import org.affinity.ann.ivf.AffinityIvfPqVectorsFormat;
import org.affinity.ann.ivf.IvfParameters;
import org.affinity.ann.pq.PqEncoding;
import org.affinity.ann.pq.PqFlatVectorsFormat;
import org.affinity.ann.sq.SqFlatVectorsFormat;
import org.affinity.ann.sq.SqHnswVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.TestUtil;
import org.apache.lucene.util.BitSet;
import org.apache.lucene.util.FixedBitSet;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/**
 * What must hold of every search, whatever the format and the index: as many hits as there can be,
 * each eligible, each with the very score of brute force; of exact and radial searches, exactly the
 * hits of brute force.
 */
public class NearestPropertiesTests extends LuceneTestCase {

  /** Shares of documents that pass a filter; those are of {@link #SHARES} and of "all". */
  private static final double[] SHARES = {0.0001, 0.001, 0.01, 0.1, 0.3, 0.6, 0.9};

  /** A document or a nested object. */
  private record Item(int id, int parent, float[] vector, Set<String> tags) {}

  private static List<KnnVectorsFormat> formats() {
    PqEncoding pq = new PqEncoding(4, 32);
    return List.of(
        new Lucene99HnswVectorsFormat(16, 100, 10),
        new SqHnswVectorsFormat(ScalarEncoding.UNSIGNED_BYTE, 16, 100, 10),
        new SqHnswVectorsFormat(ScalarEncoding.PACKED_NIBBLE, 16, 100, 10),
        new SqHnswVectorsFormat(ScalarEncoding.SINGLE_BIT_QUERY_NIBBLE, 16, 100, 10),
        new AffinityHnswPqVectorsFormat(16, 100, 10, pq),
        new PqFlatVectorsFormat(PqEncoding.NONE),
        new PqFlatVectorsFormat(pq),
        new SqFlatVectorsFormat(ScalarEncoding.UNSIGNED_BYTE),
        new SqFlatVectorsFormat(ScalarEncoding.PACKED_NIBBLE),
        new SqFlatVectorsFormat(ScalarEncoding.SINGLE_BIT_QUERY_NIBBLE),
        new AffinityIvfPqVectorsFormat(new IvfParameters(IvfParameters.AUTO, 0, pq)),
        new AffinityIvfPqVectorsFormat(new IvfParameters(20, 0, pq)),
        new AffinityIvfPqVectorsFormat(new IvfParameters(20, 2, pq)));
  }

  public void testEveryFormat() throws Exception {
    for (KnnVectorsFormat format : formats()) {
      int size = 200 + random().nextInt(600);
      try (Index index = new Index(random(), format, size, 1 + random().nextInt(50), false)) {
        for (int i = 0; i < 12; i++) {
          index.check(random());
        }
      }
    }
  }

  public void testEveryFormatWithNestedObjects() throws Exception {
    for (KnnVectorsFormat format : formats()) {
      int size = 300 + random().nextInt(500);
      try (Index index = new Index(random(), format, size, 1 + random().nextInt(10), true)) {
        for (int i = 0; i < 12; i++) {
          index.check(random());
        }
      }
    }
  }

  /** So many eligible documents that the index is asked, whatever the filter. */
  public void testFiltersOverALargeSegment() throws Exception {
    List<KnnVectorsFormat> formats = formats();
    KnnVectorsFormat format = formats.get(random().nextInt(formats.size()));
    for (boolean nested : new boolean[] {false, true}) {
      try (Index index = new Index(random(), format, 14_000, 1, nested)) {
        for (int i = 0; i < 10; i++) {
          index.check(random());
        }
      }
    }
  }

  /** Of each parent only one child is among the first candidates. */
  public void testWidensWhereFewParentsHaveTheNearestChildren() throws Exception {
    for (KnnVectorsFormat format : formats()) {
      try (Index index = Index.ofCrowdedParents(random(), format)) {
        Targets target = Targets.of(index.items.get(0).vector());
        NearestQuery query =
            new NearestQuery(
                    "v", index.space, target, 10, new AnnSearchStrategy(10, 1, false), null)
                .perParent(Index.PARENTS);
        index.assertFound(query, target, 10, null);
      }
    }
  }

  public void testRecallIsHigh() throws Exception {
    for (KnnVectorsFormat format : formats()) {
      if (format.toString().contains("nprobes=2") || format.toString().contains("SINGLE_BIT")) {
        continue; // told to look at little; too few dimensions for one bit of each
      }
      for (boolean nested : new boolean[] {false, true}) {
        try (Index index = new Index(random(), format, 1500, 1, nested)) {
          int found = 0;
          int wanted = 0;
          for (int i = 0; i < 20; i++) {
            Targets target = index.randomTargets(random());
            NearestQuery query =
                index.nearest(target, 10, AnnSearchStrategy.DEFAULT, null, SearchListener.NONE);
            float least = index.best(target, null).get(9);
            for (ScoreDoc hit : index.searcher.search(query, 10).scoreDocs) {
              found += hit.score >= least ? 1 : 0;
            }
            wanted += 10;
          }
          assertTrue(format + " " + found + " of " + wanted, found >= 0.9 * wanted);
        }
      }
    }
  }

  /** An index and what is in it. */
  private static final class Index implements AutoCloseable {
    static final Parents PARENTS = new Parents();

    final List<Item> items = new ArrayList<>();
    final VectorSpace space;
    private final int dimension;
    private final boolean nested;
    private final ExecutorService executor;
    private final Directory directory;
    private final DirectoryReader reader;
    final IndexSearcher searcher;

    Index(Random random, KnnVectorsFormat format, int size, int segments, boolean nested)
        throws IOException {
      this(random, format, randomItems(random, size, nested), segments, nested);
    }

    static Index ofCrowdedParents(Random random, KnnVectorsFormat format) throws IOException {
      List<Item> items = new ArrayList<>();
      for (int i = 0; i < 2000; i++) {
        // Parents of 100 children; those of the first are by far the nearest.
        float[] vector = {1 + i / 100, random.nextFloat(), random.nextFloat(), random.nextFloat()};
        items.add(new Item(i, i / 100, vector, Set.of("all")));
      }
      return new Index(random, format, items, 1, true);
    }

    private static List<Item> randomItems(Random random, int size, boolean nested) {
      int dimension = 4 * (1 + random.nextInt(3));
      float[][] few = new float[10][];
      for (int i = 0; i < few.length; i++) {
        few[i] = vector(random, dimension);
      }
      List<Item> items = new ArrayList<>();
      int parent = 0;
      for (int id = 0; id < size; id++) {
        float[] vector = vector(random, dimension);
        if (random.nextInt(20) == 0) {
          vector = few[random.nextInt(few.length)];
        } else if (random.nextInt(10) == 0) {
          vector = null;
        }
        Set<String> tags = new HashSet<>(Set.of("all"));
        for (double share : SHARES) {
          if (random.nextDouble() < share) {
            tags.add("random" + share);
          }
          if (vector != null && Math.abs(vector[0]) > 3 * (1 - share)) {
            tags.add("near" + share);
          }
        }
        parent += nested && random.nextInt(4) > 0 ? 0 : 1;
        items.add(new Item(id, parent, vector, tags));
      }
      return items;
    }

    private static float[] vector(Random random, int dimension) {
      float[] vector = new float[dimension];
      for (int i = 0; i < dimension; i++) {
        vector[i] = (float) random.nextGaussian();
      }
      return vector;
    }

    private Index(
        Random random, KnnVectorsFormat format, List<Item> all, int segments, boolean nested)
        throws IOException {
      VectorSpace[] spaces = VectorSpace.values();
      this.space = spaces[random.nextInt(spaces.length)];
      this.dimension =
          all.stream().filter(item -> item.vector() != null).findAny().get().vector().length;
      this.nested = nested;
      this.directory = newDirectory(random);
      IndexWriterConfig config = new IndexWriterConfig();
      config.setCodec(TestUtil.alwaysKnnVectorsFormat(format));
      config.setMergePolicy(NoMergePolicy.INSTANCE);
      config.setMaxBufferedDocs(100_000);
      config.setRAMBufferSizeMB(200);
      if (!nested && random.nextInt(3) == 0) {
        config.setIndexSort(new Sort(new SortField("order", SortField.Type.LONG)));
      }
      items.addAll(all);
      try (IndexWriter writer = new IndexWriter(directory, config)) {
        write(writer, random, segments);
        int last = all.get(all.size() - 1).parent();
        for (int i = segments > 1 || random.nextBoolean() ? last / 10 : 0; i > 0; i--) {
          int parent = 1 + random.nextInt(last);
          writer.deleteDocuments(new Term("parent", Integer.toString(parent)));
          items.removeIf(item -> item.parent() == parent);
        }
      }
      this.reader = DirectoryReader.open(directory);
      this.executor = random.nextBoolean() ? Executors.newFixedThreadPool(3) : null;
      this.searcher = new IndexSearcher(reader, executor);
    }

    private void write(IndexWriter writer, Random random, int segments) throws IOException {
      int perSegment = items.size() / segments + 1;
      List<Document> block = new ArrayList<>();
      int written = 0;
      for (int i = 0; i < items.size(); i++) {
        Item item = items.get(i);
        block.add(document(item, random));
        boolean last = i + 1 == items.size() || items.get(i + 1).parent() != item.parent();
        if (last) {
          if (nested) {
            Document parent = new Document();
            parent.add(new StringField("type", "parent", Field.Store.NO));
            parent.add(new StringField("parent", Integer.toString(item.parent()), Field.Store.NO));
            block.add(parent);
          }
          writer.addDocuments(block);
          written += block.size();
          block.clear();
          if (written >= perSegment) {
            written = 0;
            writer.flush();
          }
        }
      }
    }

    private Document document(Item item, Random random) {
      Document document = new Document();
      document.add(new StoredField("id", item.id()));
      document.add(new StringField("parent", Integer.toString(item.parent()), Field.Store.NO));
      document.add(new NumericDocValuesField("order", random.nextInt(1000)));
      item.tags().forEach(tag -> document.add(new StringField("tag", tag, Field.Store.NO)));
      if (item.vector() != null) {
        document.add(new KnnFloatVectorField("v", item.vector(), space.similarity()));
      }
      return document;
    }

    /** One, or several interests. */
    Targets randomTargets(Random random) {
      List<float[]> vectors = new ArrayList<>();
      for (int i = random.nextInt(2) * random.nextInt(4); i >= 0; i--) {
        vectors.add(vector(random, dimension));
      }
      return Targets.of(vectors);
    }

    NearestQuery nearest(
        Targets target, int k, AnnSearchStrategy strategy, String tag, SearchListener listener) {
      Query filter = tag == null ? null : new TermQuery(new Term("tag", tag));
      return new NearestQuery("v", space, target, k, strategy, filter)
          .perParent(nested ? PARENTS : null)
          .reportingTo(listener);
    }

    void check(Random random) throws IOException {
      Targets target = randomTargets(random);
      double share = SHARES[random.nextInt(SHARES.length)];
      String tag =
          switch (random.nextInt(4)) {
            case 0 -> null;
            case 1 -> "all";
            case 2 -> "random" + share;
            default -> "near" + share;
          };
      int k = 1 + random.nextInt(random.nextBoolean() ? 10 : 150);
      AnnSearchStrategy strategy =
          new AnnSearchStrategy(
              1 + random.nextInt(100),
              random.nextInt(4),
              1 + random.nextInt(3),
              random.nextInt(4) == 0);
      List<SearchPlan> plans = new ArrayList<>();
      NearestQuery query = nearest(target, k, strategy, tag, (field, plan) -> plans.add(plan));
      boolean exact = assertFound(query, target, k, tag);
      if (!strategy.exact() && !exact) {
        assertFalse(plans.isEmpty());
      }
      if (!plans.isEmpty()) {
        assertEquals("one search", 1, plans.size());
        if (plans.get(0).exact()) {
          assertTrue("the hits of brute force: " + plans, exact);
        }
      }
      if (!nested && tag == null) {
        checkWithin(random, target);
      }
    }

    /** Whether these are the hits of brute force. */
    boolean assertFound(Query query, Targets target, int k, String tag) throws IOException {
      ScoreDoc[] hits = searcher.search(query, 2 * k).scoreDocs;
      List<Float> best = best(target, tag);
      assertEquals("as many as there are", Math.min(k, best.size()), hits.length);
      Set<Integer> parents = new HashSet<>();
      boolean exact = true;
      for (int i = 0; i < hits.length; i++) {
        Item item = item(hits[i].doc);
        assertTrue("eligible", tag == null || item.tags().contains(tag));
        float score = space.score(target.signal(space, item.vector()));
        if (nested) {
          assertTrue("one a parent", parents.add(item.parent()));
          score = bestOf(item.parent(), target, tag);
        }
        assertEquals("the score of brute force", score, hits[i].score, 0);
        exact &= score == best.get(i);
      }
      return exact;
    }

    private void checkWithin(Random random, Targets target) throws IOException {
      List<Float> best = best(target, null);
      float least = best.get(random.nextInt(best.size()));
      long expected = best.stream().filter(score -> score >= least).count();
      Query query = new WithinQuery("v", space, target, least);
      ScoreDoc[] hits = searcher.search(query, 1 + best.size()).scoreDocs;
      assertEquals("ties included", expected, hits.length);
      for (int i = 0; i < hits.length; i++) {
        assertEquals(best.get(i), hits[i].score, 0);
      }
    }

    private Item item(int doc) throws IOException {
      int id = searcher.storedFields().document(doc).getField("id").numericValue().intValue();
      return items.stream().filter(item -> item.id() == id).findFirst().orElseThrow();
    }

    private float bestOf(int parent, Targets target, String tag) {
      float best = -1;
      for (Item item : items) {
        if (item.parent() == parent && isEligible(item, tag)) {
          best = Math.max(best, space.score(target.signal(space, item.vector())));
        }
      }
      return best;
    }

    private static boolean isEligible(Item item, String tag) {
      return item.vector() != null && (tag == null || item.tags().contains(tag));
    }

    /** The scores of brute force, best first. */
    List<Float> best(Targets target, String tag) {
      float[] scores = new float[items.size()];
      int count = 0;
      int parent = -1;
      for (Item item : items) {
        if (isEligible(item, tag)) {
          float score = space.score(target.signal(space, item.vector()));
          if (nested && item.parent() == parent) {
            scores[count - 1] = Math.max(scores[count - 1], score);
          } else {
            scores[count++] = score;
          }
          parent = item.parent();
        }
      }
      Arrays.sort(scores, 0, count);
      List<Float> best = new ArrayList<>();
      for (int i = count - 1; i >= 0; i--) {
        best.add(scores[i]);
      }
      return best;
    }

    @Override
    public void close() throws IOException {
      if (executor != null) {
        executor.shutdown();
        try {
          executor.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
      reader.close();
      directory.close();
    }
  }

  private static final class Parents implements ParentDocs {
    @Override
    public BitSet of(LeafReaderContext leaf) throws IOException {
      PostingsEnum docs = leaf.reader().postings(new Term("type", "parent"));
      if (docs == null) {
        return null;
      }
      FixedBitSet bits = new FixedBitSet(leaf.reader().maxDoc());
      bits.or(docs);
      return bits;
    }
  }
}
