/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.affinity.ann.hnsw.AffinityHnswPqVectorsFormat;
import org.affinity.ann.ivf.AffinityIvfPqVectorsFormat;
import org.affinity.ann.ivf.IvfParameters;
import org.affinity.ann.pq.PqEncoding;
import org.affinity.ann.pq.PqFlatVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BulkScorer;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.DoubleValuesSource;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.LeafCollector;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.Scorable;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopFieldCollectorManager;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.search.Weight;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.TestUtil;

/**
 * To the last bit: a score is the formula of a document's relevance, vector and numbers, whichever
 * way Lucene comes to ask for it. Indices and blends are random; the oracle goes over all matches.
 */
public class BlendExactnessTests extends LuceneTestCase {

  private static final int DIMENSION = 9;
  private static final String[] WORDS = {"dragon", "night", "garden", "star", "river"};

  /** A document; vector and popularity may be null. */
  private record Item(int id, String text, float[] vector, float[] image, Long popularity) {}

  private record Blend(
      Query relevance,
      double weight,
      ScoreFunction function,
      List<Affinity> affinities,
      List<Prior> priors,
      Query recall) {

    Query query(Precision precision) {
      return new BlendQuery(relevance, weight, function, affinities, priors, recall, 1, precision);
    }
  }

  public void testEveryWayOfAskingGivesTheFormula() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int round = 0; round < 3; round++) {
        VectorSpace space = VectorSpace.values()[round % 3];
        List<Item> items = items(600);
        try (Directory directory = newDirectory()) {
          index(directory, items, space, random().nextBoolean(), true);
          try (DirectoryReader reader = DirectoryReader.open(directory)) {
            IndexSearcher searcher = new IndexSearcher(reader);
            IndexSearcher concurrent = new IndexSearcher(reader, threads);
            for (int i = 0; i < 6; i++) {
              checkEveryWay(searcher, concurrent, items, blend(space), space);
            }
          }
        }
      }
    } finally {
      threads.shutdown();
      assertTrue(threads.awaitTermination(1, TimeUnit.MINUTES));
    }
  }

  private static void checkEveryWay(
      IndexSearcher searcher,
      IndexSearcher concurrent,
      List<Item> items,
      Blend blend,
      VectorSpace space)
      throws Exception {
    Query query = blend.query(Precision.EXACT);
    Map<Integer, Float> expected = oracle(searcher, blend, items, space);
    assertEquals("all of them", expected, scores(searcher, searcher.search(query, 2000)));
    assertEquals("one by one", expected, oneByOne(searcher, query));
    assertEquals("in ranges", expected, inRanges(searcher, query));
    Query filtered =
        new BooleanQuery.Builder()
            .add(query, BooleanClause.Occur.MUST)
            .add(MatchAllDocsQuery.INSTANCE, BooleanClause.Occur.FILTER)
            .build();
    assertEquals("in a bool", expected, scores(searcher, searcher.search(filtered, 2000)));
    Sort byPopularity =
        new Sort(new SortField("popularity", SortField.Type.LONG), SortField.FIELD_SCORE);
    TopDocs sorted =
        searcher.search(query, new TopFieldCollectorManager(byPopularity, 2000, Integer.MAX_VALUE));
    assertEquals("sorted by another field", expected.size(), sorted.scoreDocs.length);
    List<ScoreDoc> ranked = ranked(searcher, expected);
    for (IndexSearcher any : List.of(searcher, concurrent)) {
      int size = 1 + random().nextInt(20);
      TopDocs top =
          any.search(query, new TopScoreDocCollectorManager(size, null, 1 + random().nextInt(50)));
      assertHits(ranked.subList(0, Math.min(size, ranked.size())), top.scoreDocs);
      if (ranked.size() > size) {
        TopDocs next =
            any.search(
                query,
                new TopScoreDocCollectorManager(size, top.scoreDocs[top.scoreDocs.length - 1], 1));
        assertHits(ranked.subList(size, Math.min(2 * size, ranked.size())), next.scoreDocs);
      }
    }
    for (ScoreDoc hit : ranked.subList(0, Math.min(5, ranked.size()))) {
      assertEquals(hit.score, searcher.explain(query, hit.doc).getValue().floatValue(), 0);
    }
  }

  public void testRangesThatKeywordsMiss() throws Exception {
    List<Item> items = items(400);
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      String text = i % 100 == 7 ? WORDS[0] + " " + WORDS[1] : WORDS[3];
      items.set(i, new Item(item.id(), text, item.vector(), item.image(), item.popularity()));
    }
    VectorSpace space = VectorSpace.COSINE;
    Query dragon = new TermQuery(new Term("text", WORDS[0]));
    Query night = new TermQuery(new Term("text", WORDS[1]));
    List<Query> keywords =
        List.of(
            dragon,
            new DisjunctionMaxQuery(List.of(dragon, night), 0),
            new BooleanQuery.Builder()
                .add(dragon, BooleanClause.Occur.MUST)
                .add(night, BooleanClause.Occur.FILTER)
                .build(),
            new BooleanQuery.Builder()
                .add(dragon, BooleanClause.Occur.MUST)
                .add(new TermQuery(new Term("text", WORDS[3])), BooleanClause.Occur.MUST_NOT)
                .build());
    try (Directory directory = newDirectory()) {
      index(directory, items, space, false, false);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        IndexSearcher searcher = new IndexSearcher(reader);
        for (Query relevance : keywords) {
          for (int round = 0; round < 10; round++) {
            Blend any = blend(space);
            Query recall =
                new NearestQuery(
                    "taste", space, vector(), 50, new AnnSearchStrategy(1, 1, true), null);
            Blend blend =
                new Blend(relevance, 1, any.function(), any.affinities(), any.priors(), recall);
            Map<Integer, Float> expected = oracle(searcher, blend, items, space);
            assertEquals(expected, inRanges(searcher, blend.query(Precision.EXACT)));
          }
        }
      }
    }
  }

  public void testMergingAndReopeningChangeNoBit() throws Exception {
    for (VectorSpace space : VectorSpace.values()) {
      List<Item> items = items(500);
      List<Blend> blends = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        blends.add(blend(space));
      }
      try (Directory directory = newDirectory()) {
        index(directory, items, space, false, false);
        List<Map<Integer, Float>> before = scores(directory, blends);
        try (IndexWriter writer = new IndexWriter(directory, config(false))) {
          writer.forceMerge(1);
        }
        assertEquals(before, scores(directory, blends));
        assertEquals(before, scores(directory, blends));
      }
    }
  }

  /** Relevance is made of statistics, which deletions change when they are merged away. */
  public void testDeletingNeighboursChangesNoBit() throws Exception {
    for (VectorSpace space : VectorSpace.values()) {
      List<Item> items = items(400);
      Blend random = blend(space);
      Blend blend =
          new Blend(
              new ConstantScoreQuery(random.relevance()),
              1,
              new ScoreFunction.Saturation(2),
              random.affinities(),
              random.priors(),
              null);
      try (Directory directory = newDirectory()) {
        index(directory, items, space, true, false);
        Map<Integer, Float> before = scores(directory, List.of(blend)).get(0);
        try (IndexWriter writer = new IndexWriter(directory, config(true))) {
          for (int id = 0; id < 400; id += 3) {
            writer.deleteDocuments(new Term("id", Integer.toString(id)));
          }
          writer.forceMerge(1);
        }
        before.keySet().removeIf(id -> id % 3 == 0);
        assertEquals(before, scores(directory, List.of(blend)).get(0));
      }
    }
  }

  private static List<Map<Integer, Float>> scores(Directory directory, List<Blend> blends)
      throws IOException {
    List<Map<Integer, Float>> scores = new ArrayList<>();
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      IndexSearcher searcher = new IndexSearcher(reader);
      for (Blend blend : blends) {
        // What recall finds of equals may differ from segment to segment; what it scores not.
        Query query =
            new BlendQuery(
                blend.relevance(),
                blend.weight(),
                blend.function(),
                blend.affinities(),
                blend.priors(),
                null);
        scores.add(scores(searcher, searcher.search(query, 2000)));
      }
    }
    return scores;
  }

  public void testCodesStandForVectorsWhereThereAreSome() throws Exception {
    for (VectorSpace space : VectorSpace.values()) {
      List<Item> items = items(900);
      Affinity affinity =
          new Affinity("taste", space, vector(), 1, new ScoreFunction.Identity(), 0, "a vector");
      Query relevance = new ConstantScoreQuery(MatchAllDocsQuery.INSTANCE);
      for (KnnVectorsFormat format :
          List.of(
              new AffinityIvfPqVectorsFormat(
                  new IvfParameters(0, 0, new PqEncoding(DIMENSION, 4, 64))),
              new AffinityHnswPqVectorsFormat(16, 100, 10, new PqEncoding(DIMENSION, 4, 64)),
              new PqFlatVectorsFormat(new PqEncoding(DIMENSION, 4, 64)),
              new PqFlatVectorsFormat(PqEncoding.NONE))) {
        try (Directory directory = newDirectory();
            IndexWriter writer =
                new IndexWriter(
                    directory,
                    new IndexWriterConfig().setCodec(TestUtil.alwaysKnnVectorsFormat(format)))) {
          for (Item item : items) {
            writer.addDocument(document(item, space));
          }
          writer.forceMerge(1);
          try (DirectoryReader reader = DirectoryReader.open(writer)) {
            IndexSearcher searcher = new IndexSearcher(reader);
            Blend blend =
                new Blend(
                    relevance,
                    0,
                    new ScoreFunction.Saturation(1),
                    List.of(affinity),
                    List.of(),
                    null);
            Map<Integer, Float> exact =
                scores(searcher, searcher.search(blend.query(Precision.EXACT), 2000));
            Query codes = blend.query(Precision.CODES);
            Map<Integer, Float> coded = scores(searcher, searcher.search(codes, 2000));
            assertEquals(coded, oneByOne(searcher, codes));
            assertEquals(exact.keySet(), coded.keySet());
            double difference = 0;
            double spread = 0;
            double mean =
                exact.values().stream().mapToDouble(Float::doubleValue).average().orElseThrow();
            for (Integer id : exact.keySet()) {
              difference += Math.pow(exact.get(id) - coded.get(id), 2);
              spread += Math.pow(exact.get(id) - mean, 2);
            }
            if (format instanceof PqFlatVectorsFormat
                && format.toString().contains("" + Integer.MAX_VALUE)) {
              assertEquals(exact, coded);
            } else {
              assertTrue("codes were used", difference > 0);
              assertTrue(
                  format + ", " + space + ": " + difference / spread, difference < 0.2 * spread);
            }
          }
        }
      }
    }
  }

  public void testVectorsAreReadOnlyOfThoseThatCanStillWin() throws Exception {
    try (Directory directory = newDirectory();
        IndexWriter writer =
            new IndexWriter(
                directory, new IndexWriterConfig().setCodec(TestUtil.getDefaultCodec()))) {
      int size = 20_000;
      Random random = random();
      for (int i = 0; i < size; i++) {
        Document document = new Document();
        String text = "dragon ".repeat(1 + random.nextInt(3)) + "house ".repeat(random.nextInt(50));
        document.add(new TextField("text", text, Field.Store.NO));
        document.add(
            new KnnFloatVectorField(
                "taste",
                new float[] {random.nextFloat() - 0.5f, 1},
                VectorSpace.COSINE.similarity()));
        writer.addDocument(document);
      }
      writer.forceMerge(1);
      try (DirectoryReader reader = DirectoryReader.open(writer)) {
        CountingReader counting = new CountingReader(reader);
        IndexSearcher searcher = new IndexSearcher(counting);
        Affinity affinity =
            new Affinity(
                "taste",
                VectorSpace.COSINE,
                new float[] {1, 0},
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
        TopDocs all = searcher.search(query, size);
        assertEquals(size, counting.vectorsRead());
        long before = counting.vectorsRead();
        TopDocs top = searcher.search(query, new TopScoreDocCollectorManager(10, null, 100));
        long read = counting.vectorsRead() - before;
        assertTrue("read " + read + " vectors of " + size + " matches", read < size / 4);
        assertTrue("scored " + top.totalHits, top.totalHits.value() <= read);
        for (int i = 0; i < 10; i++) {
          assertEquals(all.scoreDocs[i].score, top.scoreDocs[i].score, 0);
          assertEquals(all.scoreDocs[i].doc, top.scoreDocs[i].doc);
        }
      }
    }
  }

  private static Map<Integer, Float> oracle(
      IndexSearcher searcher, Blend blend, List<Item> items, VectorSpace space) throws IOException {
    Map<Integer, Float> relevance = scores(searcher, searcher.search(blend.relevance(), 2000));
    Map<Integer, Float> recalled =
        blend.recall() == null ? Map.of() : scores(searcher, searcher.search(blend.recall(), 2000));
    Map<Integer, Float> scores = new TreeMap<>();
    for (Item item : items) {
      Float signal = relevance.get(item.id());
      if (signal == null && !recalled.containsKey(item.id())) {
        continue;
      }
      double own =
          signal == null || blend.weight() == 0
              ? 0
              : blend.weight() * blend.function().apply(signal);
      double others = 0;
      for (Affinity affinity : blend.affinities()) {
        if (affinity.isNeutral()) {
          continue;
        }
        float[] vector = affinity.field().equals("taste") ? item.vector() : item.image();
        double value =
            vector == null
                ? affinity.missing()
                : affinity.function() instanceof ScoreFunction.Identity
                    ? space.score(space.signal(affinity.targets().get(0), vector))
                    : affinity.function().apply(space.signal(affinity.targets().get(0), vector));
        others += affinity.weight() * value;
      }
      for (Prior prior : blend.priors()) {
        others +=
            prior.weight()
                * (item.popularity() == null
                    ? prior.missing()
                    : prior.function().apply(item.popularity()));
      }
      scores.put(item.id(), (float) (own + others));
    }
    return scores;
  }

  /** As a searcher does that looks at the clock now and then: each range must set its scorer. */
  private static Map<Integer, Float> inRanges(IndexSearcher searcher, Query query)
      throws IOException {
    Map<Integer, Float> scores = new TreeMap<>();
    ScoreMode mode = random().nextBoolean() ? ScoreMode.COMPLETE : ScoreMode.TOP_SCORES;
    Weight weight = searcher.createWeight(searcher.rewrite(query), mode, 1);
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      BulkScorer bulk = weight.bulkScorer(leaf);
      int maxDoc = leaf.reader().maxDoc();
      for (int min = 0; bulk != null && min < maxDoc; ) {
        int max = Math.min(maxDoc, min + 1 + random().nextInt(30));
        bulk.score(
            new LeafCollector() {
              private Scorable scorer;

              @Override
              public void setScorer(Scorable newScorer) {
                scorer = newScorer;
              }

              @Override
              public void collect(int doc) throws IOException {
                scores.put(id(searcher, leaf.docBase + doc), scorer.score());
              }
            },
            leaf.reader().getLiveDocs(),
            min,
            max);
        min = max;
      }
    }
    return scores;
  }

  /** By a scorer rather than a bulk scorer. */
  private static Map<Integer, Float> oneByOne(IndexSearcher searcher, Query query)
      throws IOException {
    Map<Integer, Float> scores = new TreeMap<>();
    Weight weight = searcher.createWeight(searcher.rewrite(query), ScoreMode.COMPLETE, 1);
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      Scorer scorer = weight.scorer(leaf);
      if (scorer == null) {
        continue;
      }
      for (int doc = scorer.iterator().nextDoc();
          doc < leaf.reader().maxDoc();
          doc = scorer.iterator().nextDoc()) {
        if (leaf.reader().getLiveDocs() == null || leaf.reader().getLiveDocs().get(doc)) {
          scores.put(id(searcher, leaf.docBase + doc), scorer.score());
        }
      }
    }
    return scores;
  }

  private static Map<Integer, Float> scores(IndexSearcher searcher, TopDocs found)
      throws IOException {
    Map<Integer, Float> scores = new TreeMap<>();
    for (ScoreDoc hit : found.scoreDocs) {
      assertNull("found twice", scores.put(id(searcher, hit.doc), hit.score));
    }
    return scores;
  }

  private static List<ScoreDoc> ranked(IndexSearcher searcher, Map<Integer, Float> scores)
      throws IOException {
    Map<Integer, Integer> docs = new HashMap<>();
    for (ScoreDoc hit : searcher.search(MatchAllDocsQuery.INSTANCE, 2000).scoreDocs) {
      docs.put(id(searcher, hit.doc), hit.doc);
    }
    List<ScoreDoc> ranked = new ArrayList<>();
    scores.forEach((id, score) -> ranked.add(new ScoreDoc(docs.get(id), score)));
    ranked.sort(
        Comparator.<ScoreDoc>comparingDouble(hit -> -hit.score).thenComparingInt(hit -> hit.doc));
    return ranked;
  }

  private static void assertHits(List<ScoreDoc> expected, ScoreDoc[] found) {
    assertEquals(expected.size(), found.length);
    for (int i = 0; i < found.length; i++) {
      assertEquals("rank " + i, expected.get(i).score, found[i].score, 0);
      assertEquals("rank " + i, expected.get(i).doc, found[i].doc);
    }
  }

  private static int id(IndexSearcher searcher, int doc) throws IOException {
    return searcher.storedFields().document(doc).getField("id").numericValue().intValue();
  }

  private static Blend blend(VectorSpace space) {
    Random random = random();
    List<Affinity> affinities = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      List<ScoreFunction> functions = new ArrayList<>(List.of(new ScoreFunction.Identity()));
      if (space == VectorSpace.L2) {
        functions.add(new ScoreFunction.Inverse());
      } else {
        functions.addAll(
            List.of(
                new ScoreFunction.Sigmoid(0.5 + random.nextDouble()),
                new ScoreFunction.Saturation(0.5),
                new ScoreFunction.Linear(2),
                new ScoreFunction.Log(3),
                new ScoreFunction.Rescale()));
      }
      affinities.add(
          new Affinity(
              random.nextBoolean() ? "taste" : "image",
              space,
              vector(),
              random.nextInt(4) == 0 ? 0 : random.nextDouble(),
              functions.get(random.nextInt(functions.size())),
              random.nextInt(3) * 0.3,
              "a vector"));
    }
    if (random.nextInt(5) == 0) {
      affinities.add(Affinity.neutral("taste", space, "nobody"));
    }
    List<Prior> priors = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      List<ScoreFunction> functions =
          List.of(
              new ScoreFunction.Saturation(50),
              new ScoreFunction.Log(500),
              new ScoreFunction.Linear(300));
      priors.add(
          new Prior(
              "popularity",
              DoubleValuesSource.fromLongField("popularity"),
              random.nextDouble(),
              functions.get(random.nextInt(3)),
              random.nextInt(2) * 0.2));
    }
    // With nothing else to blend relevance would keep its own score.
    priors.add(
        new Prior(
            "popularity",
            DoubleValuesSource.fromLongField("popularity"),
            0.1,
            new ScoreFunction.Log(500),
            0));
    Query dragon = new TermQuery(new Term("text", WORDS[0]));
    Query night = new TermQuery(new Term("text", WORDS[1]));
    Query relevance =
        switch (random.nextInt(6)) {
          case 0 -> new PhraseQuery(1, "text", WORDS[0], WORDS[1]);
          case 1 ->
              new BooleanQuery.Builder()
                  .add(dragon, BooleanClause.Occur.SHOULD)
                  .add(night, BooleanClause.Occur.SHOULD)
                  .build();
          case 2 -> new DisjunctionMaxQuery(List.of(dragon, night), 0.3f);
          case 3 ->
              new BooleanQuery.Builder()
                  .add(dragon, BooleanClause.Occur.MUST)
                  .add(night, BooleanClause.Occur.SHOULD)
                  .build();
          case 4 -> MatchAllDocsQuery.INSTANCE;
          default -> dragon;
        };
    List<ScoreFunction> functions =
        List.of(
            new ScoreFunction.Saturation(0.1 + random.nextDouble()), new ScoreFunction.Linear(1),
            new ScoreFunction.Log(2), new ScoreFunction.Identity());
    Query recall =
        random.nextBoolean()
            ? null
            : new NearestQuery(
                "taste",
                space,
                vector(),
                1 + random.nextInt(40),
                new AnnSearchStrategy(1, 1, true),
                null);
    return new Blend(
        relevance,
        random.nextInt(6) == 0 ? 0 : random.nextDouble(),
        functions.get(random.nextInt(functions.size())),
        affinities,
        priors,
        recall);
  }

  private static List<Item> items(int size) {
    Random random = random();
    List<Item> items = new ArrayList<>();
    for (int id = 0; id < size; id++) {
      if (id > 0 && random.nextInt(5) == 0) {
        Item same = items.get(random.nextInt(id));
        items.add(new Item(id, same.text(), same.vector(), same.image(), same.popularity()));
        continue;
      }
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(10); i >= 0; i--) {
        text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
      }
      items.add(
          new Item(
              id,
              text.toString(),
              random.nextInt(6) == 0 ? null : vector(),
              random.nextBoolean() ? null : vector(),
              random.nextInt(6) == 0 ? null : (long) random.nextInt(500)));
    }
    return items;
  }

  private static float[] vector() {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random().nextGaussian();
    }
    return vector;
  }

  private static IndexWriterConfig config(boolean sorted) {
    Random random = random();
    PqEncoding encoding = new PqEncoding(PqEncoding.AUTO_M, 4, 1 + random.nextInt(100));
    KnnVectorsFormat format =
        switch (random.nextInt(3)) {
          case 0 -> new AffinityHnswPqVectorsFormat(16, 100, random.nextInt(10), encoding);
          case 1 -> new AffinityIvfPqVectorsFormat(new IvfParameters(0, 0, encoding));
          default -> new PqFlatVectorsFormat(encoding);
        };
    IndexWriterConfig config = new IndexWriterConfig();
    config.setCodec(TestUtil.alwaysKnnVectorsFormat(format));
    if (sorted) {
      config.setIndexSort(new Sort(new SortField("popularity", SortField.Type.LONG)));
    }
    return config;
  }

  private static void index(
      Directory directory, List<Item> items, VectorSpace space, boolean sorted, boolean deletes)
      throws IOException {
    IndexWriterConfig config = config(sorted);
    config.setMaxBufferedDocs(50 + random().nextInt(items.size()));
    config.setMergePolicy(NoMergePolicy.INSTANCE);
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (Item item : items) {
        writer.addDocument(document(item, space));
      }
      if (deletes) {
        for (int i = random().nextInt(items.size() / 4); i > 0; i--) {
          Item item = items.remove(random().nextInt(items.size()));
          writer.deleteDocuments(new Term("id", Integer.toString(item.id())));
        }
      }
    }
  }

  private static Document document(Item item, VectorSpace space) {
    Document document = new Document();
    document.add(new StringField("id", Integer.toString(item.id()), Field.Store.NO));
    document.add(new StoredField("id", item.id()));
    document.add(new TextField("text", item.text(), Field.Store.NO));
    if (item.vector() != null) {
      document.add(new KnnFloatVectorField("taste", item.vector(), space.similarity()));
    }
    if (item.image() != null) {
      document.add(new KnnFloatVectorField("image", item.image(), space.similarity()));
    }
    if (item.popularity() != null) {
      document.add(new NumericDocValuesField("popularity", item.popularity()));
    }
    return document;
  }
}
