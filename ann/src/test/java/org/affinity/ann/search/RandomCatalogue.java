/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.affinity.ann.hnsw.AffinityHnswPqVectorsFormat;
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
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.TestUtil;
import org.apache.lucene.util.IOUtils;

/**
 * A random index and, beside it, what is in it: several segments, deletions, documents without a
 * vector or number, words of skewed frequency.
 */
final class RandomCatalogue implements Closeable {

  static final String[] WORDS = {"dragon", "night", "garden", "star", "river", "house", "king"};

  /** A live document; vector and popularity may be null. */
  record Item(int id, String text, String group, float[] vector, Long popularity) {}

  final List<Item> items = new ArrayList<>();
  final VectorSpace space;
  final int dimension;
  final IndexSearcher searcher;
  private final Directory directory;
  private final DirectoryReader reader;

  RandomCatalogue(Random random, VectorSpace space, int size) throws IOException {
    this.space = space;
    // In one dimension all cosines are 1 or -1, and ties fall as segments do.
    this.dimension = 2 + random.nextInt(12);
    this.directory = LuceneTestCase.newDirectory(random);
    IndexWriterConfig config = new IndexWriterConfig();
    config.setCodec(TestUtil.alwaysKnnVectorsFormat(randomFormat(random)));
    config.setMaxBufferedDocs(2 + random.nextInt(size));
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (int id = 0; id < size; id++) {
        Item item = randomItem(random, id);
        writer.addDocument(document(item));
        items.add(item);
      }
      for (int i = random.nextInt(size / 4); i > 0; i--) {
        Item item = items.remove(random.nextInt(items.size()));
        writer.deleteDocuments(new Term("id", Integer.toString(item.id())));
      }
      if (random.nextInt(4) == 0) {
        writer.forceMerge(1);
      }
    }
    this.reader = DirectoryReader.open(directory);
    this.searcher = LuceneTestCase.newSearcher(reader);
  }

  private static KnnVectorsFormat randomFormat(Random random) {
    PqEncoding encoding = new PqEncoding(PqEncoding.AUTO_M, 4, 1 + random.nextInt(100));
    return random.nextBoolean()
        ? new AffinityHnswPqVectorsFormat(16, 100, random.nextInt(10), encoding)
        : new PqFlatVectorsFormat(encoding);
  }

  private Item randomItem(Random random, int id) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      int word = (int) (Math.pow(random.nextDouble(), 2) * WORDS.length);
      text.append(WORDS[word]).append(' ');
    }
    return new Item(
        id,
        text.toString(),
        Integer.toString(random.nextInt(4)),
        random.nextInt(6) == 0 ? null : randomVector(random),
        random.nextInt(6) == 0 ? null : (long) random.nextInt(500));
  }

  float[] randomVector(Random random) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  List<float[]> randomVectors(Random random, int count) {
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      vectors.add(randomVector(random));
    }
    return vectors;
  }

  private Document document(Item item) {
    Document document = new Document();
    document.add(new StringField("id", Integer.toString(item.id()), Field.Store.NO));
    document.add(new StoredField("id", item.id()));
    document.add(new TextField("text", item.text(), Field.Store.NO));
    document.add(new StringField("group", item.group(), Field.Store.NO));
    if (item.vector() != null) {
      document.add(new KnnFloatVectorField("taste", item.vector(), space.similarity()));
    }
    if (item.popularity() != null) {
      document.add(new NumericDocValuesField("popularity", item.popularity()));
    }
    return document;
  }

  /** The id of a document of the searcher. */
  int id(int doc) throws IOException {
    return searcher.storedFields().document(doc).getField("id").numericValue().intValue();
  }

  @Override
  public void close() throws IOException {
    IOUtils.close(reader, directory);
  }
}
