/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.FilterDirectoryReader;
import org.apache.lucene.index.FilterLeafReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.tests.util.LuceneTestCase;

/** A reader that hides a field by its infos alone, as field-level security does. */
public class HiddenFieldTests extends LuceneTestCase {

  private static final class Hiding extends FilterDirectoryReader {

    private final String field;

    Hiding(DirectoryReader reader, String field) throws IOException {
      super(
          reader,
          new SubReaderWrapper() {
            @Override
            public LeafReader wrap(LeafReader leaf) {
              return new HidingLeaf(leaf, field);
            }
          });
      this.field = field;
    }

    @Override
    protected DirectoryReader doWrapDirectoryReader(DirectoryReader reader) throws IOException {
      return new Hiding(reader, field);
    }

    @Override
    public CacheHelper getReaderCacheHelper() {
      return null;
    }
  }

  private static final class HidingLeaf extends FilterLeafReader {

    private final FieldInfos infos;

    HidingLeaf(LeafReader leaf, String field) {
      super(leaf);
      this.infos =
          new FieldInfos(
              StreamSupport.stream(leaf.getFieldInfos().spliterator(), false)
                  .filter(info -> !info.name.equals(field))
                  .toArray(FieldInfo[]::new));
    }

    @Override
    public FieldInfos getFieldInfos() {
      return infos;
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

  public void testNothingTellsOfItsVectors() throws Exception {
    Query group = new TermQuery(new Term("group", "2"));
    for (VectorSpace space : VectorSpace.values()) {
      try (RandomCatalogue catalogue = new RandomCatalogue(random(), space, 300)) {
        DirectoryReader whole = (DirectoryReader) catalogue.searcher.getIndexReader();
        IndexSearcher seeing = new IndexSearcher(whole);
        IndexSearcher blind = new IndexSearcher(new Hiding(whole, "taste"));
        float[] target = catalogue.randomVector(random());
        for (Query query :
            new Query[] {
              new NearestQuery("taste", space, target, 5, AnnSearchStrategy.DEFAULT, null),
              new NearestQuery("taste", space, target, 5, AnnSearchStrategy.DEFAULT, group),
              new NearestQuery("taste", space, target, 5, new AnnSearchStrategy(1, 1, true), null),
              new WithinQuery("taste", space, target, -Float.MAX_VALUE),
              new FieldExistsQuery("taste"),
            }) {
          ScoreDoc[] hits = seeing.search(query, 5).scoreDocs;
          assertEquals(query.toString(), 5, hits.length);
          assertEquals(query.toString(), 0, blind.search(query, 5).scoreDocs.length);
          String explanation = blind.explain(query, hits[0].doc).toString();
          assertFalse(explanation, explanation.contains(space.signalName()));
        }
      }
    }
  }

  public void testBlendGoesOnAsWithoutVectors() throws Exception {
    try (RandomCatalogue catalogue = new RandomCatalogue(random(), VectorSpace.L2, 300)) {
      DirectoryReader whole = (DirectoryReader) catalogue.searcher.getIndexReader();
      IndexSearcher blind = new IndexSearcher(new Hiding(whole, "taste"));
      float[] target = catalogue.randomVector(random());
      Affinity affinity = affinity("taste", target);
      Affinity absent = affinity("absent", target);
      Query words = new TermQuery(new Term("text", RandomCatalogue.WORDS[0]));
      ScoreFunction pivot = new ScoreFunction.Saturation(1);
      Query recall =
          new NearestQuery("taste", VectorSpace.L2, target, 5, AnnSearchStrategy.DEFAULT, null);
      ScoreDoc[] found =
          blind.search(new BlendQuery(words, 1, pivot, List.of(affinity), List.of(), recall), 1000)
              .scoreDocs;
      ScoreDoc[] expected =
          blind.search(new BlendQuery(words, 1, pivot, List.of(absent), List.of(), null), 1000)
              .scoreDocs;
      assertTrue(expected.length > 0);
      assertEquals(expected.length, found.length);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i].doc, found[i].doc);
        assertEquals(expected[i].score, found[i].score, 0);
      }
    }
  }

  private static Affinity affinity(String field, float[] target) {
    return new Affinity(
        field, VectorSpace.L2, target, 2, new ScoreFunction.Inverse(), 0, "a vector");
  }
}
