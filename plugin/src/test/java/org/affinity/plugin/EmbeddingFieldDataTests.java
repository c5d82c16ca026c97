/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.FilterLeafReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.store.Directory;
import org.opensearch.index.mapper.DocValueFetcher;
import org.opensearch.search.DocValueFormat;
import org.opensearch.test.OpenSearchTestCase;

public class EmbeddingFieldDataTests extends OpenSearchTestCase {

  /** Hides all fields by their infos alone, as field-level security does. */
  private static final class Blind extends FilterLeafReader {

    Blind(LeafReader reader) {
      super(reader);
    }

    @Override
    public FieldInfos getFieldInfos() {
      return FieldInfos.EMPTY;
    }

    @Override
    public CacheHelper getCoreCacheHelper() {
      return null;
    }

    @Override
    public CacheHelper getReaderCacheHelper() {
      return null;
    }
  }

  private static DocValueFetcher.Leaf values(LeafReader reader) {
    return new EmbeddingFieldData("v")
        .load(reader.getContext())
        .getLeafValueFetcher(DocValueFormat.RAW);
  }

  public void testReadsNothingOfAFieldThatTheReaderHides() throws Exception {
    try (Directory directory = newDirectory();
        IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
      Document document = new Document();
      document.add(new KnnFloatVectorField("v", new float[] {1, 2}));
      writer.addDocument(document);
      try (DirectoryReader reader = DirectoryReader.open(writer)) {
        LeafReader leaf = reader.leaves().get(0).reader();
        assertTrue(values(leaf).advanceExact(0));
        assertFalse(values(new Blind(leaf)).advanceExact(0));
      }
    }
  }
}
