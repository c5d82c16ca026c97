/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.codec;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.affinity.ann.hnsw.AffinityHnswPqVectorsFormat;
import org.affinity.ann.ivf.AffinityIvfPqVectorsFormat;
import org.affinity.ann.ivf.IvfParameters;
import org.affinity.ann.pq.PqEncoding;
import org.affinity.ann.pq.PqFlatVectorsFormat;
import org.affinity.ann.source.CutSource;
import org.affinity.ann.source.VectorForm;
import org.affinity.ann.sq.SqFlatVectorsFormat;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.StoredFieldsReader;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SegmentReader;
import org.apache.lucene.index.StoredFieldVisitor;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.TestUtil;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/** Documents written without their vectors are whole for every reader, and stay small on disk. */
public class DerivedSourceCodecTests extends LuceneTestCase {

  private static final int DIMENSION = 24;

  private static final PqEncoding ENCODING = new PqEncoding(PqEncoding.AUTO_M, 4, 10);

  private static final List<Supplier<KnnVectorsFormat>> FORMATS =
      List.of(
          () -> new AffinityHnswPqVectorsFormat(16, 100, 0, ENCODING),
          () -> new PqFlatVectorsFormat(ENCODING),
          () ->
              new AffinityIvfPqVectorsFormat(
                  new IvfParameters(IvfParameters.AUTO, IvfParameters.AUTO, ENCODING)),
          () -> new SqFlatVectorsFormat(ScalarEncoding.UNSIGNED_BYTE),
          Lucene99HnswVectorsFormat::new);

  /** A block: nested documents, each with a vector, and the root, perhaps with one. */
  private static List<Document> block(int id, List<String> sources) {
    List<Document> block = new ArrayList<>();
    StringBuilder json = new StringBuilder("{\"id\":" + id);
    List<CutSource.Cut> cuts = new ArrayList<>();
    int nested = random().nextInt(3);
    for (int i = 0; i < nested; i++) {
      Document object = add(new Document(), "n.v", json, cuts, nested - i);
      // As OpenSearch does: a delete takes the whole block, never the root alone.
      object.add(new StringField("_id", Integer.toString(id), Field.Store.NO));
      block.add(object);
    }
    Document root = new Document();
    if (random().nextInt(3) > 0) {
      add(root, "v", json, cuts, 0);
    }
    json.append(",\"text\":\"").append(TestUtil.randomSimpleString(random(), 50)).append("\"}");
    BytesRef source = new BytesRef(json);
    boolean asIs = cuts.isEmpty() || random().nextInt(5) == 0;
    root.add(new StoredField("other", CutSource.cut(source, List.of())));
    root.add(new StoredField("_source", asIs ? source : CutSource.cut(source, cuts)));
    root.add(new StringField("_id", Integer.toString(id), Field.Store.YES));
    root.add(new NumericDocValuesField("soft", 0));
    root.add(new NumericDocValuesField("rank", random().nextInt(1000)));
    block.add(root);
    sources.add(json.toString());
    return block;
  }

  private static Document add(
      Document document, String field, StringBuilder json, List<CutSource.Cut> cuts, int before) {
    float[] vector = new float[DIMENSION];
    for (int d = 0; d < DIMENSION; d++) {
      vector[d] = (float) random().nextGaussian() * 10;
    }
    document.add(new KnnFloatVectorField(field, vector, VectorSimilarityFunction.COSINE));
    json.append(",\"").append(field).append("\":");
    int from = json.length();
    json.append(Arrays.toString(vector).replace(" ", ""));
    cuts.add(new CutSource.Cut(from, json.length(), field, before, VectorForm.ARRAY));
    return document;
  }

  private static IndexWriterConfig config(Codec codec, boolean sorted) {
    IndexWriterConfig config = newIndexWriterConfig().setCodec(codec);
    config.setMergePolicy(newLogMergePolicy(10));
    config.setParentField("parent");
    if (sorted) {
      config.setIndexSort(new Sort(new SortField("rank", SortField.Type.INT)));
    }
    return config;
  }

  private static Codec codec(Lucene104Codec.Mode mode) {
    // One instance for each field: files of their own.
    KnnVectorsFormat first = FORMATS.get(random().nextInt(FORMATS.size())).get();
    KnnVectorsFormat second = FORMATS.get(random().nextInt(FORMATS.size())).get();
    return new DerivedSourceCodec(
        new Lucene104Codec(mode),
        new PerFieldVectorsFormat(field -> field.equals("v") ? first : second));
  }

  public void testEveryReaderSeesWholeDocuments() throws Exception {
    for (int round = 0; round < 12; round++) {
      boolean sorted = random().nextBoolean();
      List<String> sources = new ArrayList<>();
      try (Directory directory = newDirectory()) {
        int written = 0;
        for (Lucene104Codec.Mode mode : Lucene104Codec.Mode.values()) {
          try (IndexWriter writer = new IndexWriter(directory, config(codec(mode), sorted))) {
            int blocks = atLeast(60);
            for (int i = 0; i < blocks; i++) {
              writer.addDocuments(block(written++, sources));
              if (random().nextInt(20) == 0) {
                writer.commit();
              }
              if (random().nextInt(15) == 0) {
                int victim = random().nextInt(written);
                writer.deleteDocuments(new Term("_id", Integer.toString(victim)));
              }
            }
            try (DirectoryReader reader = DirectoryReader.open(writer)) {
              assertWhole(reader, sources);
            }
            if (random().nextBoolean()) {
              writer.forceMerge(1);
            }
          }
        }
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
          assertWhole(reader, sources);
          for (LeafReaderContext leaf : reader.leaves()) {
            SegmentReader segment = (SegmentReader) leaf.reader();
            assertEquals("Affinity1", segment.getSegmentInfo().info.getCodec().getName());
            assertEquals(
                "Lucene104", segment.getSegmentInfo().info.getAttribute("Affinity1.delegate"));
          }
        }
        TestUtil.checkIndex(directory);
        // Segments opened by name, then updated and merged.
        try (IndexWriter writer =
            new IndexWriter(directory, config(codec(Lucene104Codec.Mode.BEST_SPEED), sorted))) {
          writer.updateNumericDocValue(new Term("_id", "3"), "soft", 1);
          writer.deleteDocuments(new Term("_id", "7"));
          writer.commit();
          writer.forceMerge(1);
        }
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
          assertEquals(1, reader.leaves().size());
          assertWhole(reader, sources);
        }
      }
    }
  }

  public void testPlainSegmentsBecomeOursAndOursPlain() throws Exception {
    List<String> sources = new ArrayList<>();
    Codec ours = codec(Lucene104Codec.Mode.BEST_SPEED);
    try (Directory directory = newDirectory();
        Directory plain = newDirectory()) {
      try (IndexWriter writer = new IndexWriter(directory, config(ours, false))) {
        for (int i = 0; i < 50; i++) {
          writer.addDocuments(block(i, sources));
        }
      }
      // A writer of another codec gets them whole.
      try (IndexWriter writer = new IndexWriter(plain, config(new Lucene104Codec(), false));
          DirectoryReader reader = DirectoryReader.open(directory)) {
        TestUtil.addIndexesSlowly(writer, reader);
      }
      try (DirectoryReader reader = DirectoryReader.open(plain)) {
        assertEquals(0, cutDocuments(reader));
        assertWhole(reader, sources);
      }
      // Files as they are, under the codec of the segment.
      try (Directory copy = newDirectory()) {
        try (IndexWriter writer = new IndexWriter(copy, config(new Lucene104Codec(), false))) {
          writer.addIndexes(directory, plain);
        }
        int cut = 0;
        try (DirectoryReader reader = DirectoryReader.open(copy)) {
          assertWhole(reader, sources);
          cut = cutDocuments(reader);
          assertTrue(cut > 0);
        }
        try (IndexWriter writer = new IndexWriter(copy, config(ours, false))) {
          writer.forceMerge(1);
        }
        try (DirectoryReader reader = DirectoryReader.open(copy)) {
          assertWhole(reader, sources);
          assertEquals("no more and no less", cut, cutDocuments(reader));
        }
      }
    }
  }

  public void testMergesCopyWhatIsCut() throws Exception {
    List<String> sources = new ArrayList<>();
    Codec codec = codec(Lucene104Codec.Mode.BEST_SPEED);
    try (Directory directory = newDirectory()) {
      try (IndexWriter writer = new IndexWriter(directory, config(codec, random().nextBoolean()))) {
        for (int i = 0; i < 80; i++) {
          writer.addDocuments(block(i, sources));
          if (i % 10 == 9) {
            writer.commit();
          }
        }
        int before;
        try (DirectoryReader reader = DirectoryReader.open(writer)) {
          before = cutDocuments(reader);
        }
        writer.forceMerge(1);
        try (DirectoryReader reader = DirectoryReader.open(writer)) {
          assertTrue(before > 20);
          assertEquals(before, cutDocuments(reader));
          assertWhole(reader, sources);
        }
      }
    }
  }

  /** A reader stays good after the files of its segments were merged away. */
  public void testReadersOutliveTheirFiles() throws Exception {
    List<String> sources = new ArrayList<>();
    try (Directory directory = newMockFSDirectory(createTempDir())) {
      try (IndexWriter writer =
          new IndexWriter(directory, config(codec(Lucene104Codec.Mode.BEST_SPEED), false))) {
        for (int i = 0; i < 40; i++) {
          writer.addDocuments(block(i, sources));
          if (i % 10 == 9) {
            writer.commit();
          }
        }
        try (DirectoryReader reader = DirectoryReader.open(writer)) {
          writer.forceMerge(1);
          writer.commit();
          assertWhole(reader, sources);
        }
      }
    }
  }

  private static void assertWhole(DirectoryReader reader, List<String> sources) throws IOException {
    for (LeafReaderContext leaf : reader.leaves()) {
      CodecReader codecReader = (CodecReader) leaf.reader();
      StoredFieldsReader merging = codecReader.getFieldsReader().getMergeInstance();
      List<Integer> docs = new ArrayList<>();
      for (int doc = 0; doc < codecReader.maxDoc(); doc++) {
        docs.add(doc);
      }
      if (random().nextBoolean()) {
        Collections.shuffle(docs, random());
      }
      for (int doc : docs) {
        Source plain = new Source();
        leaf.reader().storedFields().document(doc, plain);
        Source sequential = new Source();
        merging.document(doc, sequential);
        if (random().nextInt(10) == 0) {
          merging.close(); // as a scroll does that ends, while others read on
          merging = codecReader.getFieldsReader().getMergeInstance();
        }
        if (plain.id != null) {
          assertEquals(sources.get(Integer.parseInt(plain.id)), plain.source);
          assertEquals(plain.source, sequential.source);
          assertTrue("other fields are left alone", CutSource.isCut(new BytesRef(plain.other)));
        }
      }
    }
  }

  /** What the files hold, as the delegate alone reads them. */
  private static int cutDocuments(DirectoryReader reader) throws IOException {
    int cut = 0;
    for (LeafReaderContext leaf : reader.leaves()) {
      SegmentReader segment = (SegmentReader) leaf.reader();
      var info = segment.getSegmentInfo().info;
      Directory files =
          info.getUseCompoundFile()
              ? info.getCodec().compoundFormat().getCompoundReader(info.dir, info)
              : info.dir;
      try (StoredFieldsReader raw =
          new Lucene104Codec()
              .storedFieldsFormat()
              .fieldsReader(
                  files,
                  info,
                  segment.getFieldInfos(),
                  org.apache.lucene.store.IOContext.DEFAULT)) {
        for (int doc = 0; doc < segment.maxDoc(); doc++) {
          Source source = new Source();
          raw.document(doc, source);
          if (source.id != null && CutSource.isCut(new BytesRef(source.bytes))) {
            cut++;
          }
        }
      } finally {
        if (files != info.dir) {
          files.close();
        }
      }
    }
    return cut;
  }

  private static final class Source extends StoredFieldVisitor {
    String id;
    String source;
    byte[] bytes;
    byte[] other;

    @Override
    public Status needsField(FieldInfo field) {
      return Status.YES;
    }

    @Override
    public void stringField(FieldInfo field, String value) {
      id = value;
    }

    @Override
    public void binaryField(FieldInfo field, byte[] value) {
      if (field.name.equals("_source")) {
        bytes = value;
        source = new String(value, java.nio.charset.StandardCharsets.UTF_8);
      } else {
        other = value;
      }
    }
  }
}
