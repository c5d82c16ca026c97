/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.util.ArrayList;
import java.util.List;
import org.affinity.ann.ivf.AffinityIvfPqVectorsFormat;
import org.affinity.ann.ivf.IvfParameters;
import org.affinity.quantization.ProductQuantizer;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.TestUtil;

/** Segments written with one codebook hold it once, whatever the format. */
public class SharedQuantizersTests extends LuceneTestCase {

  public void testSegmentsShareAQuantizer() throws Exception {
    PqEncoding encoding = new PqEncoding(4, 256);
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      float[] vector = new float[8];
      for (int d = 0; d < vector.length; d++) {
        vector[d] = (float) random().nextGaussian();
      }
      vectors.add(vector);
    }
    for (KnnVectorsFormat format :
        List.of(
            new PqFlatVectorsFormat(encoding),
            new AffinityIvfPqVectorsFormat(new IvfParameters(4, 0, encoding)))) {
      try (Directory directory = newDirectory()) {
        IndexWriterConfig config = new IndexWriterConfig();
        config.setCodec(TestUtil.alwaysKnnVectorsFormat(format));
        config.setMergePolicy(NoMergePolicy.INSTANCE);
        try (IndexWriter writer = new IndexWriter(directory, config)) {
          for (int i = 1; i <= 2000; i++) {
            float[] vector = vectors.get(i % vectors.size());
            Document document = new Document();
            document.add(new KnnFloatVectorField("v", vector, VectorSimilarityFunction.EUCLIDEAN));
            writer.addDocument(document);
            if (i % 500 == 0) {
              writer.flush();
            }
          }
        }
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
          List<ProductQuantizer> quantizers = new ArrayList<>();
          for (LeafReaderContext leaf : reader.leaves()) {
            KnnVectorsReader held = ((CodecReader) leaf.reader()).getVectorReader();
            if (held instanceof PerFieldKnnVectorsFormat.FieldsReader fields) {
              held = fields.getFieldReader("v");
            }
            quantizers.add(((CodedVectors) held).quantizer("v"));
          }
          assertEquals(4, quantizers.size());
          assertNotNull(quantizers.get(0));
          for (ProductQuantizer quantizer : quantizers) {
            assertSame(quantizers.get(0), quantizer);
          }
        }
      }
    }
  }
}
