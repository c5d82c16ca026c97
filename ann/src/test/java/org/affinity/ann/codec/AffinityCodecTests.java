/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.codec;

import org.affinity.ann.hnsw.AffinityHnswPqVectorsFormat;
import org.affinity.ann.pq.PqEncoding;
import org.affinity.ann.pq.PqFlatVectorsFormat;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SegmentReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;

/** Segments are the delegate's by name, and each field's format is found by its own. */
public class AffinityCodecTests extends LuceneTestCase {

  public void testSegmentsReopenWithTheDelegate() throws Exception {
    KnnVectorsFormat graph =
        new AffinityHnswPqVectorsFormat(16, 100, 0, new PqEncoding(PqEncoding.AUTO_M, 4, 10));
    KnnVectorsFormat flat = new PqFlatVectorsFormat(new PqEncoding(PqEncoding.AUTO_M, 4, 10));
    for (Lucene104Codec.Mode mode : Lucene104Codec.Mode.values()) {
      try (Directory directory = newDirectory()) {
        IndexWriterConfig config = new IndexWriterConfig();
        config.setCodec(
            new AffinityCodec(
                new Lucene104Codec(mode),
                new PerFieldVectorsFormat(field -> field.equals("graph") ? graph : flat)));
        int dimension = 1500;
        try (IndexWriter writer = new IndexWriter(directory, config)) {
          for (int i = 0; i < 40; i++) {
            float[] vector = new float[dimension];
            // As many different vectors as a codebook of 4 bits has centroids: codes are exact.
            vector[5] = i % 16;
            Document document = new Document();
            document.add(new KnnFloatVectorField("graph", vector));
            document.add(new KnnFloatVectorField("flat", vector));
            writer.addDocument(document);
            if (i == 20) {
              writer.commit();
            }
          }
          writer.forceMerge(1);
        }
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
          SegmentReader segment = (SegmentReader) reader.leaves().get(0).reader();
          Codec codec = segment.getSegmentInfo().info.getCodec();
          assertEquals("Lucene104", codec.getName());
          assertFalse("not ours", codec instanceof AffinityCodec);
          assertEquals(40, ((CodecReader) segment).getFloatVectorValues("flat").size());
          float[] target = new float[dimension];
          target[5] = 7;
          for (String field : new String[] {"graph", "flat"}) {
            int found =
                new IndexSearcher(reader)
                    .search(new KnnFloatVectorQuery(field, target, 5), 1)
                    .scoreDocs[0]
                    .doc;
            assertEquals(field, 7, segment.getFloatVectorValues(field).vectorValue(found)[5], 0);
          }
        }
      }
    }
  }
}
