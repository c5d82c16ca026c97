/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.affinity.ann.codec.AffinityCodec;
import org.affinity.ann.codec.PerFieldVectorsFormat;
import org.affinity.ann.pq.PqEncoding;
import org.affinity.quantization.PqParameters;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.VectorMath;
import org.affinity.quantization.simd.BlockLayout;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnByteVectorField;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.tests.util.LuceneTestCase;

/** The bytes are those of the tables in {@link AffinityIvfPqVectorsFormat}; damage is noticed. */
public class IvfFilesTests extends LuceneTestCase {

  private static final int DIMENSION = 5;
  private static final int COUNT = 700;
  private static final int M = 2;
  private static final int LISTS = 3;
  private static final int NPROBES = 2;
  private static final List<String> EXTENSIONS = List.of("ivm", "ivq", "ivx", "ivl");

  /** What the meta file says of the first field. */
  private record Meta(
      int recordLength,
      long quantizerOffset,
      long quantizerLength,
      long centroidsOffset,
      long listsOffset,
      long listsLength) {}

  public void testNameIsForEver() {
    KnnVectorsFormat format = KnnVectorsFormat.forName("AffinityIvfPq1");
    assertEquals(AffinityIvfPqVectorsFormat.class, format.getClass());
    assertEquals("AffinityIvfPq1", format.getName());
    assertEquals(4096, format.getMaxDimensions("v"));
  }

  public void testFilesHaveTheDocumentedLayout() throws IOException {
    for (VectorSimilarityFunction similarity : VectorSimilarityFunction.values()) {
      try (Directory directory = new ByteBuffersDirectory()) {
        List<float[]> vectors = write(directory, similarity);
        checkLayout(directory, vectors, similarity);
      }
    }
  }

  private static void checkLayout(
      Directory directory, List<float[]> vectors, VectorSimilarityFunction similarity)
      throws IOException {
    Meta meta = readMeta(directory, similarity);
    ProductQuantizer quantizer = readQuantizer(directory, meta);
    assertEquals(new PqParameters(DIMENSION, M), quantizer.parameters());
    assertEquals(meta.recordLength(), quantizer.recordLength());
    boolean weighted = meta.recordLength() == M + 2;
    boolean[] seen = new boolean[COUNT];
    try (IndexInput index = directory.openInput(file(directory, "ivx"), IOContext.READONCE);
        IndexInput lists = directory.openInput(file(directory, "ivl"), IOContext.READONCE)) {
      skipHeader(index, "AffinityIvfCentroids");
      skipHeader(lists, "AffinityIvfLists");
      skipPadding(index, meta.centroidsOffset());
      skipPadding(lists, meta.listsOffset());
      assertEquals("lists of the only group", LISTS, index.readInt());
      index.skipBytes((long) Float.BYTES * DIMENSION);
      float[][] centroids = new float[LISTS][DIMENSION];
      for (float[] centroid : centroids) {
        index.readFloats(centroid, 0, DIMENSION);
      }
      long next = 0;
      for (int list = 0; list < LISTS; list++) {
        long offset = index.readLong();
        final int count = index.readInt();
        final int bits = index.readInt();
        final float radius = Float.intBitsToFloat(index.readInt());
        final float reach = Float.intBitsToFloat(index.readInt());
        final float lowest = Float.intBitsToFloat(index.readInt());
        final float highest = Float.intBitsToFloat(index.readInt());
        assertEquals("lists follow each other", next, offset);
        int last = -1;
        for (int first = 0; first < count; first += 128) {
          byte[] block = new byte[blockLength(weighted, bits)];
          lists.readBytes(block, 0, block.length);
          next += block.length;
          for (int i = 0; i < Math.min(128, count - first); i++) {
            int ord = ord(block, weighted, bits, i);
            assertTrue("ascending", ord > last);
            last = ord;
            assertFalse(seen[ord]);
            seen[ord] = true;
            checkRecord(quantizer, vectors.get(ord), block, i, weighted, lowest, highest);
            float[] vector = vectors.get(ord);
            assertTrue(Math.sqrt(VectorMath.squaredNorm(vector)) <= reach * 1.0001);
            if (similarity == VectorSimilarityFunction.COSINE) {
              vector = VectorMath.normalized(vector);
            }
            if (similarity != VectorSimilarityFunction.DOT_PRODUCT
                && similarity != VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT) {
              double own = VectorMath.squaredDistance(vector, centroids[list]);
              assertTrue(Math.sqrt(own) <= radius * 1.0001 + 1e-6);
              for (float[] other : centroids) {
                assertTrue(own <= VectorMath.squaredDistance(vector, other) + 1e-4);
              }
            }
          }
        }
      }
      assertEquals(meta.listsLength(), next);
      for (boolean each : seen) {
        assertTrue(each);
      }
      assertEquals(index.length() - CodecUtil.footerLength(), index.getFilePointer());
      assertEquals(lists.length() - CodecUtil.footerLength(), lists.getFilePointer());
    }
  }

  private static int blockLength(boolean weighted, int bits) {
    int used = 128 * M + (weighted ? 256 : 0) + 16 * bits + 8;
    return (used + 63) / 64 * 64;
  }

  private static int ord(byte[] block, boolean weighted, int bits, int i) {
    int ordinals = 128 * M + (weighted ? 256 : 0);
    int first = 0;
    for (int b = 3; b >= 0; b--) {
      first = first << 8 | (block[ordinals + 16 * bits + b] & 0xFF);
    }
    int difference = 0;
    for (int bit = 0; bit < bits; bit++) {
      int at = i * bits + bit;
      difference |= (block[ordinals + at / 8] >> (at % 8) & 1) << bit;
    }
    return first + difference;
  }

  private static void checkRecord(
      ProductQuantizer quantizer,
      float[] vector,
      byte[] block,
      int i,
      boolean weighted,
      float lowest,
      float highest) {
    byte[] expected = new byte[quantizer.recordLength()];
    quantizer.encoder().encode(vector, expected, 0);
    byte[] actual = new byte[expected.length];
    BlockLayout.code(block, 0, M, i, actual, 0);
    if (weighted) {
      actual[M] = block[128 * M + 2 * i];
      actual[M + 1] = block[128 * M + 2 * i + 1];
      float weight = Float.intBitsToFloat(((actual[M] & 0xFF) | (actual[M + 1] << 8)) << 16);
      assertTrue(lowest <= weight && weight <= highest);
    } else {
      assertEquals(1, lowest, 0);
      assertEquals(1, highest, 0);
    }
    assertArrayEquals(expected, actual);
  }

  private static Meta readMeta(Directory directory, VectorSimilarityFunction similarity)
      throws IOException {
    try (IndexInput meta = directory.openInput(file(directory, "ivm"), IOContext.READONCE)) {
      skipHeader(meta, "AffinityIvfMeta");
      assertEquals("field number", 0, meta.readInt());
      int number =
          switch (similarity) {
            case EUCLIDEAN -> 0;
            case DOT_PRODUCT -> 1;
            case COSINE -> 2;
            case MAXIMUM_INNER_PRODUCT -> 3;
          };
      assertEquals("similarity", number, meta.readInt());
      assertEquals("dimension", DIMENSION, meta.readVInt());
      assertEquals("vectors", COUNT, meta.readVInt());
      final int recordLength = meta.readVInt();
      assertEquals("lists", LISTS, meta.readVInt());
      assertEquals("groups", 1, meta.readVInt());
      assertEquals("most lists to scan", NPROBES, meta.readVInt());
      byte directions = meta.readByte();
      if (similarity == VectorSimilarityFunction.EUCLIDEAN) {
        assertEquals("as they are", 0, directions);
      } else if (similarity == VectorSimilarityFunction.COSINE) {
        assertEquals("directions", 1, directions);
      }
      assertTrue("distortion", Float.intBitsToFloat(meta.readInt()) > 0);
      final Meta read =
          new Meta(
              recordLength,
              meta.readVLong(),
              meta.readVLong(),
              meta.readVLong(),
              meta.readVLong(),
              meta.readVLong());
      assertEquals("field without lists", 1, meta.readInt());
      assertEquals("maximum inner product", 3, meta.readInt());
      assertEquals("dimension", 2, meta.readVInt());
      assertEquals("vectors", 1, meta.readVInt());
      assertEquals("no lists", 0, meta.readVInt());
      assertEquals("end of fields", -1, meta.readInt());
      assertEquals(meta.length() - CodecUtil.footerLength(), meta.getFilePointer());
      return read;
    }
  }

  private static ProductQuantizer readQuantizer(Directory directory, Meta meta) throws IOException {
    try (IndexInput in = directory.openInput(file(directory, "ivq"), IOContext.READONCE)) {
      skipHeader(in, "AffinityIvfQuantizer");
      assertEquals("starts behind the header", meta.quantizerOffset(), in.getFilePointer());
      byte[] bytes = new byte[Math.toIntExact(meta.quantizerLength())];
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

  private static void skipPadding(IndexInput in, long to) throws IOException {
    assertEquals("aligned", 0, to % 64);
    while (in.getFilePointer() < to) {
      assertEquals("padding", 0, in.readByte());
    }
  }

  public void testTheSameVectorsGiveTheSameBytes() throws IOException {
    try (Directory first = new ByteBuffersDirectory();
        Directory second = new ByteBuffersDirectory()) {
      write(first, VectorSimilarityFunction.EUCLIDEAN);
      write(second, VectorSimilarityFunction.EUCLIDEAN);
      for (String extension : EXTENSIONS) {
        byte[] a = bytes(first, file(first, extension));
        byte[] b = bytes(second, file(second, extension));
        // The header holds the random id of the segment, the footer a checksum over it.
        int header = CodecUtil.headerLength("AffinityIvfCentroids") + 16 + 32;
        assertArrayEquals(
            Arrays.copyOfRange(a, header, a.length - 16),
            Arrays.copyOfRange(b, header, b.length - 16));
      }
    }
  }

  public void testTruncatedFilesAreRefused() throws IOException {
    for (String extension : EXTENSIONS) {
      try (Directory directory = new ByteBuffersDirectory()) {
        write(directory, VectorSimilarityFunction.EUCLIDEAN);
        String name = file(directory, extension);
        byte[] bytes = bytes(directory, name);
        rewrite(directory, name, Arrays.copyOf(bytes, bytes.length - 1 - random().nextInt(20)));
        expectThrows(CorruptIndexException.class, () -> DirectoryReader.open(directory).close());
      }
    }
  }

  public void testFlippedBytesAreNoticed() throws IOException {
    for (String extension : EXTENSIONS) {
      try (Directory directory = new ByteBuffersDirectory()) {
        write(directory, VectorSimilarityFunction.EUCLIDEAN);
        String name = file(directory, extension);
        byte[] bytes = bytes(directory, name);
        int position = random().nextInt(bytes.length);
        bytes[position] ^= (byte) (1 << random().nextInt(8));
        rewrite(directory, name, bytes);
        assertFalse(extension + " byte " + position, isClean(directory));
      }
    }
  }

  /** A checksum that is right does not make a directory possible. */
  public void testImpossibleDirectoryIsRefused() throws IOException {
    try (Directory directory = new ByteBuffersDirectory()) {
      write(directory, VectorSimilarityFunction.EUCLIDEAN);
      Meta meta = readMeta(directory, VectorSimilarityFunction.EUCLIDEAN);
      String name = file(directory, "ivx");
      byte[] bytes = bytes(directory, name);
      int entries = (int) meta.centroidsOffset() + 4 + 4 * DIMENSION * (1 + LISTS);
      int[] fields = {(int) meta.centroidsOffset(), entries, entries + 8, entries + 12};
      for (int at : fields) {
        byte[] changed = bytes.clone();
        changed[at + 3] ^= 0x40;
        rewriteWithChecksum(directory, name, changed);
        expectThrows(CorruptIndexException.class, () -> DirectoryReader.open(directory).close());
      }
    }
  }

  public void testLaterVersionIsRefused() throws IOException {
    for (String extension : EXTENSIONS) {
      try (Directory directory = new ByteBuffersDirectory()) {
        write(directory, VectorSimilarityFunction.EUCLIDEAN);
        String name = file(directory, extension);
        byte[] bytes = bytes(directory, name);
        // Magic number, length of the name and name come before the version, which is big-endian.
        int version = 4 + 1 + bytes[4];
        bytes[version + 3] = 1;
        rewriteWithChecksum(directory, name, bytes);
        expectThrows(
            IndexFormatTooNewException.class, () -> DirectoryReader.open(directory).close());
      }
    }
  }

  public void testUndamagedIndexIsClean() throws IOException {
    try (Directory directory = new ByteBuffersDirectory()) {
      write(directory, VectorSimilarityFunction.COSINE);
      assertTrue(isClean(directory));
    }
  }

  private static boolean isClean(Directory directory) throws IOException {
    try (CheckIndex check = new CheckIndex(directory)) {
      check.setLevel(CheckIndex.Level.MIN_LEVEL_FOR_INTEGRITY_CHECKS);
      return check.checkIndex().clean;
    }
  }

  /** One segment: a field with lists, one too small for them, one of bytes. */
  private static List<float[]> write(Directory directory, VectorSimilarityFunction similarity)
      throws IOException {
    List<float[]> vectors = new ArrayList<>();
    Random random = new Random(3);
    KnnVectorsFormat format =
        new AffinityIvfPqVectorsFormat(new IvfParameters(LISTS, NPROBES, new PqEncoding(M, 100)));
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
        document.add(new KnnFloatVectorField("a", vector, similarity));
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

  /** Writes the bytes with a checksum that fits them. */
  private static void rewriteWithChecksum(Directory directory, String name, byte[] bytes)
      throws IOException {
    directory.deleteFile(name);
    try (IndexOutput out = directory.createOutput(name, IOContext.DEFAULT)) {
      out.writeBytes(bytes, bytes.length - CodecUtil.footerLength());
      CodecUtil.writeFooter(out);
    }
  }
}
