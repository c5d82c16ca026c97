/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.affinity.ann.codec.AffinityCodec;
import org.affinity.ann.codec.PerFieldVectorsFormat;
import org.affinity.ann.hnsw.AffinityHnswPqVectorsFormat;
import org.affinity.quantization.Metric;
import org.affinity.quantization.PqParameters;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.ReconstructionError;
import org.affinity.quantization.VectorEncoder;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnByteVectorField;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.tests.util.LuceneTestCase;

/** The bytes are those of the tables in {@link PqFlatVectorsFormat}, and damage is noticed. */
public class PqFilesTests extends LuceneTestCase {

  private static final int DIMENSION = 5;
  private static final int COUNT = 300;
  private static final int M = 2;

  public void testNamesAreForEver() {
    assertEquals("AffinityFlatPq1", KnnVectorsFormat.forName("AffinityFlatPq1").getName());
    assertEquals("AffinityHnswPq1", KnnVectorsFormat.forName("AffinityHnswPq1").getName());
    assertEquals(PqFlatVectorsFormat.class, KnnVectorsFormat.forName("AffinityFlatPq1").getClass());
    assertEquals(
        AffinityHnswPqVectorsFormat.class, KnnVectorsFormat.forName("AffinityHnswPq1").getClass());
  }

  public void testFilesHaveTheDocumentedLayout() throws IOException {
    for (CodeLayout layout : CodeLayout.values()) {
      checkLayout(layout);
    }
  }

  private static void checkLayout(CodeLayout layout) throws IOException {
    try (Directory directory = new ByteBuffersDirectory()) {
      List<float[]> vectors = write(directory, layout);
      ProductQuantizer quantizer;
      long codesOffset;
      try (IndexInput meta = directory.openInput(file(directory, "pqm"), IOContext.READONCE)) {
        skipHeader(meta, "AffinityPqMeta");
        assertEquals("field number", 0, meta.readInt());
        assertEquals("euclidean", 0, meta.readInt());
        assertEquals("dimension", DIMENSION, meta.readVInt());
        assertEquals("vectors", COUNT, meta.readVInt());
        assertEquals("bytes per vector", M, meta.readVInt());
        assertEquals("layout", layout == CodeLayout.RECORDS ? 0 : 1, meta.readByte());
        assertEquals("lowest weight", Float.floatToIntBits(1), meta.readInt());
        assertEquals("highest weight", Float.floatToIntBits(1), meta.readInt());
        long quantizerOffset = meta.readVLong();
        long quantizerLength = meta.readVLong();
        codesOffset = meta.readVLong();
        assertEquals("field without codes", 1, meta.readInt());
        assertEquals("maximum inner product", 3, meta.readInt());
        assertEquals("dimension", 2, meta.readVInt());
        assertEquals("vectors", 1, meta.readVInt());
        assertEquals("no codes", 0, meta.readVInt());
        assertEquals("end of fields", -1, meta.readInt());
        assertEquals(meta.length() - CodecUtil.footerLength(), meta.getFilePointer());
        quantizer = readQuantizer(directory, quantizerOffset, quantizerLength);
        assertEquals(new PqParameters(DIMENSION, M), quantizer.parameters());
        assertEquals(Metric.L2, quantizer.metric());
        ReconstructionError error = ReconstructionError.of(quantizer, vectors);
        assertEquals(error, quantizer.training().error());
      }
      assertEquals("aligned", 0, codesOffset % 64);
      try (IndexInput codes = directory.openInput(file(directory, "pqc"), IOContext.READONCE)) {
        skipHeader(codes, "AffinityPqCodes");
        while (codes.getFilePointer() < codesOffset) {
          assertEquals("padding", 0, codes.readByte());
        }
        int blocks = Math.ceilDiv(COUNT, 128);
        byte[] bytes = new byte[(layout == CodeLayout.RECORDS ? COUNT : 128 * blocks) * M];
        codes.readBytes(bytes, 0, bytes.length);
        byte[] expected = new byte[M];
        VectorEncoder encoder = quantizer.encoder();
        for (int i = 0; i < COUNT; i++) {
          encoder.encode(vectors.get(i), expected, 0);
          for (int row = 0; row < M; row++) {
            int at = i * M + row;
            if (layout == CodeLayout.BLOCKS) {
              int half = i % 128 / 64;
              int place = i % 64 < 32 ? 2 * (i % 64) : 2 * (i % 64 - 32) + 1;
              at = i / 128 * 128 * M + 128 * row + 64 * half + place;
            }
            assertEquals(expected[row], bytes[at]);
          }
        }
        assertEquals(codes.length() - CodecUtil.footerLength(), codes.getFilePointer());
      }
    }
  }

  private static ProductQuantizer readQuantizer(Directory directory, long offset, long length)
      throws IOException {
    try (IndexInput in = directory.openInput(file(directory, "pqb"), IOContext.READONCE)) {
      skipHeader(in, "AffinityPqCodebook");
      assertEquals("the first quantizer starts behind the header", offset, in.getFilePointer());
      byte[] bytes = new byte[Math.toIntExact(length)];
      in.readBytes(bytes, 0, bytes.length);
      assertEquals(in.length() - CodecUtil.footerLength(), in.getFilePointer());
      return ProductQuantizer.fromBytes(bytes);
    }
  }

  private static void skipHeader(IndexInput in, String codec) throws IOException {
    CodecUtil.checkHeader(in, codec, 0, 0);
    in.skipBytes(16);
    in.skipBytes(Byte.toUnsignedInt(in.readByte()));
  }

  public void testTheSameVectorsGiveTheSameBytes() throws IOException {
    try (Directory first = new ByteBuffersDirectory();
        Directory second = new ByteBuffersDirectory()) {
      write(first, CodeLayout.BLOCKS);
      write(second, CodeLayout.BLOCKS);
      for (String extension : List.of("pqb", "pqc")) {
        byte[] a = bytes(first, file(first, extension));
        byte[] b = bytes(second, file(second, extension));
        // The header holds the random id of the segment, the footer a checksum over it.
        assertArrayEquals(
            Arrays.copyOfRange(a, 64, a.length - 16), Arrays.copyOfRange(b, 64, b.length - 16));
      }
    }
  }

  public void testTruncatedFilesAreRefused() throws IOException {
    for (String extension : List.of("pqm", "pqb", "pqc")) {
      try (Directory directory = new ByteBuffersDirectory()) {
        write(directory);
        String name = file(directory, extension);
        byte[] bytes = bytes(directory, name);
        rewrite(directory, name, Arrays.copyOf(bytes, bytes.length - 1 - random().nextInt(20)));
        expectThrows(CorruptIndexException.class, () -> DirectoryReader.open(directory).close());
      }
    }
  }

  public void testFlippedBytesAreNoticed() throws IOException {
    for (String extension : List.of("pqm", "pqb", "pqc")) {
      try (Directory directory = new ByteBuffersDirectory()) {
        write(directory);
        String name = file(directory, extension);
        byte[] bytes = bytes(directory, name);
        int position = random().nextInt(bytes.length);
        bytes[position] ^= (byte) (1 << random().nextInt(8));
        rewrite(directory, name, bytes);
        assertFalse(extension + " byte " + position, isClean(directory));
      }
    }
  }

  public void testUndamagedIndexIsClean() throws IOException {
    try (Directory directory = new ByteBuffersDirectory()) {
      write(directory);
      assertTrue(isClean(directory));
    }
  }

  private static boolean isClean(Directory directory) throws IOException {
    try (CheckIndex check = new CheckIndex(directory)) {
      check.setLevel(CheckIndex.Level.MIN_LEVEL_FOR_INTEGRITY_CHECKS);
      return check.checkIndex().clean;
    }
  }

  private static List<float[]> write(Directory directory) throws IOException {
    return write(directory, CodeLayout.values()[random().nextInt(2)]);
  }

  /** One segment: a field with codes, one too small for codes, one of bytes. */
  private static List<float[]> write(Directory directory, CodeLayout layout) throws IOException {
    List<float[]> vectors = new ArrayList<>();
    java.util.Random random = new java.util.Random(3);
    KnnVectorsFormat format = new PqFlatVectorsFormat(new PqEncoding(M, 100), layout);
    IndexWriterConfig config = new IndexWriterConfig();
    config.setUseCompoundFile(false);
    config.setCodec(
        new AffinityCodec(Codec.forName("Lucene104"), new PerFieldVectorsFormat(field -> format)));
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (int i = 0; i < COUNT; i++) {
        float[] vector = new float[DIMENSION];
        for (int d = 0; d < DIMENSION; d++) {
          vector[d] = (float) random.nextGaussian();
        }
        vectors.add(vector);
        Document document = new Document();
        document.add(new KnnFloatVectorField("a", vector, VectorSimilarityFunction.EUCLIDEAN));
        if (i == 7) {
          document.add(
              new KnnFloatVectorField(
                  "b", new float[] {1, 2}, VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT));
          document.add(
              new KnnByteVectorField("c", new byte[] {1, 2}, VectorSimilarityFunction.EUCLIDEAN));
        }
        writer.addDocument(document);
      }
    }
    return vectors;
  }

  private static String file(Directory directory, String extension) throws IOException {
    return Arrays.stream(directory.listAll())
        .filter(name -> name.endsWith("." + extension))
        .findFirst()
        .orElseThrow();
  }

  private static byte[] bytes(Directory directory, String name) throws IOException {
    try (IndexInput in = directory.openInput(name, IOContext.READONCE)) {
      byte[] bytes = new byte[Math.toIntExact(in.length())];
      in.readBytes(bytes, 0, bytes.length);
      return bytes;
    }
  }

  private static void rewrite(Directory directory, String name, byte[] bytes) throws IOException {
    directory.deleteFile(name);
    try (IndexOutput out = directory.createOutput(name, IOContext.DEFAULT)) {
      out.writeBytes(bytes, bytes.length);
    }
  }
}
