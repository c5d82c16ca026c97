/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.affinity.ann.search.AnnSearchStrategy;
import org.affinity.ann.search.NearestQuery;
import org.affinity.ann.search.VectorSpace;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.RescoreTopNQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;

/** A Lucene index of one segment, mapped. */
final class LuceneIndex implements BuiltIndex {

  private final LuceneCandidate candidate;
  private final VectorScaling scaling;
  private final Directory directory;
  private final DirectoryReader reader;
  private final Map<String, Long> bytes = new TreeMap<>();

  LuceneIndex(LuceneCandidate candidate, VectorSet set, Path folder) throws IOException {
    this.candidate = candidate;
    this.scaling = candidate.scaling(set);
    this.directory = new MMapDirectory(folder);
    this.reader = DirectoryReader.open(directory);
    checkRows();
    for (String file : directory.listAll()) {
      String kind = FileKind.of(file);
      if (kind != null) {
        bytes.merge(kind, directory.fileLength(file), Long::sum);
      }
    }
  }

  /** Documents were added and merged in order, so a document's number is its row. */
  private void checkRows() throws IOException {
    for (LeafReaderContext leaf : reader.leaves()) {
      NumericDocValues row = leaf.reader().getNumericDocValues(LuceneCandidate.ROW);
      while (row.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
        if (row.longValue() != leaf.docBase + row.docID()) {
          throw new IOException(directory + " does not hold its documents in order");
        }
      }
    }
  }

  @Override
  public List<Form> forms() {
    return candidate.side() == Candidate.Side.SCAN
        ? List.of(Form.NEAREST)
        : List.of(Form.NEAREST, Form.PLAIN);
  }

  @Override
  public Map<String, Long> bytes() {
    return bytes;
  }

  @Override
  public Searcher searcher(Form form) {
    // Without an executor every search runs in the thread that asks.
    IndexSearcher searcher = new IndexSearcher(reader);
    searcher.setQueryCache(null);
    return (target, k, effort, filter, hits) -> {
      Query passes =
          filter == null
              ? null
              : new TermQuery(new Term(LuceneCandidate.FILTER, filter.filter().term()));
      Query query = query(form, scaling.apply(target.clone()), k, effort, passes);
      int found = 0;
      for (ScoreDoc hit : searcher.search(query, k).scoreDocs) {
        hits[found++] = hit.doc;
      }
      return found;
    };
  }

  private Query query(Form form, float[] target, int k, int effort, Query passes) {
    VectorSpace space = scaling.space();
    if (candidate.side() == Candidate.Side.SCAN) {
      return new NearestQuery(
          LuceneCandidate.FIELD, space, target, k, new AnnSearchStrategy(1, 1, true), passes);
    }
    if (form == Form.NEAREST) {
      AnnSearchStrategy strategy =
          effort == Searcher.DEFAULT
              ? AnnSearchStrategy.DEFAULT
              : new AnnSearchStrategy(effort, 1, false);
      return new NearestQuery(LuceneCandidate.FIELD, space, target, k, strategy, passes);
    }
    int candidates = Math.max(k, effort == Searcher.DEFAULT ? k : effort);
    Query plain = new KnnFloatVectorQuery(LuceneCandidate.FIELD, target, candidates, passes);
    return candidate.lossy()
        ? RescoreTopNQuery.createFullPrecisionRescorerQuery(plain, target, LuceneCandidate.FIELD, k)
        : plain;
  }

  @Override
  public void close() throws IOException {
    reader.close();
    directory.close();
  }
}
