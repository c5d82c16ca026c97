/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.affinity.ann.codec.AffinityCodec;
import org.affinity.ann.codec.PerFieldVectorsFormat;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.MergePolicy;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;

/**
 * A vectors format of Lucene's kind, ours or its own.
 *
 * @param unit vectors are scaled to length 1 and compared by inner product where the set asks for
 *     cosine, as Lucene's documentation advises
 * @param lossy codes alone rank its hits, so its users rescore
 */
record LuceneCandidate(String name, Side side, KnnVectorsFormat format, boolean unit, boolean lossy)
    implements MergeableCandidate {

  static final String FIELD = "v";
  static final String ROW = "row";
  static final String FILTER = "filter";

  /** Flushes by size only where vectors would fill the heap. */
  private static final int RAM_BUFFER_MB = 1024;

  @Override
  public void build(VectorSet set, List<FilteredRows> filters, Path folder) throws IOException {
    try (Directory directory = new MMapDirectory(folder);
        IndexWriter writer = new IndexWriter(directory, config(new LogDocMergePolicy()))) {
      add(set, filters, 0, set.base().size(), writer);
      writer.flush();
      writer.forceMerge(1);
    }
  }

  @Override
  public void buildPieces(VectorSet set, List<Integer> ends, Path folder) throws IOException {
    try (Directory directory = new MMapDirectory(folder);
        IndexWriter writer = new IndexWriter(directory, config(NoMergePolicy.INSTANCE))) {
      int from = 0;
      for (int end : ends) {
        add(set, List.of(), from, end, writer);
        writer.flush();
        from = end;
      }
    }
  }

  @Override
  public void merge(VectorSet set, Path folder) throws IOException {
    try (Directory directory = new MMapDirectory(folder);
        IndexWriter writer = new IndexWriter(directory, config(new LogDocMergePolicy()))) {
      writer.forceMerge(1);
    }
  }

  @Override
  public BuiltIndex open(VectorSet set, Path folder) throws IOException {
    return new LuceneIndex(this, set, folder);
  }

  /** The space a field of it is indexed in. */
  VectorScaling scaling(VectorSet set) {
    return VectorScaling.of(set.space(), unit);
  }

  private IndexWriterConfig config(MergePolicy merges) {
    IndexWriterConfig config = new IndexWriterConfig();
    config.setMergeScheduler(new SerialMergeScheduler());
    config.setMergePolicy(merges);
    config.setRAMBufferSizeMB(RAM_BUFFER_MB);
    config.setUseCompoundFile(false);
    config.setCodec(
        new AffinityCodec(Codec.getDefault(), new PerFieldVectorsFormat(field -> format)));
    merges.setNoCFSRatio(0);
    return config;
  }

  private void add(VectorSet set, List<FilteredRows> filters, int from, int to, IndexWriter writer)
      throws IOException {
    VectorScaling scaling = scaling(set);
    for (int row = from; row < to; row++) {
      Document document = new Document();
      document.add(
          new KnnFloatVectorField(
              FIELD, scaling.apply(set.base().get(row)), scaling.space().similarity()));
      document.add(new NumericDocValuesField(ROW, row));
      for (FilteredRows filter : filters) {
        if (filter.eligible().get(row)) {
          document.add(new StringField(FILTER, filter.filter().term(), Field.Store.NO));
        }
      }
      writer.addDocument(document);
    }
  }
}
