/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.affinity.ann.scan.CodeScan;
import org.affinity.ann.scan.RawScan;
import org.affinity.ann.scan.VisitCount;
import org.affinity.ann.search.CandidateSearch;
import org.affinity.ann.search.SignalEstimates;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.simd.BlockLayout;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
import org.apache.lucene.codecs.hnsw.FlatVectorsScorer;
import org.apache.lucene.index.ByteVectorValues;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.store.DataAccessHint;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;
import org.apache.lucene.util.IOUtils;
import org.apache.lucene.util.RamUsageEstimator;
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/**
 * Reads codebooks to the heap at open and scores codes off-heap; raw floats come from Lucene's flat
 * reader. Safe for use by any number of threads.
 */
final class PqFlatVectorsReader extends FlatVectorsReader implements CodedVectors, SignalEstimates {

  private static final long SHALLOW_SIZE =
      RamUsageEstimator.shallowSizeOfInstance(PqFlatVectorsReader.class);

  private static final String METHOD = "flat";

  /** Candidates by code per neighbour asked for, where the caller does not rescore. */
  private static final int OVERSAMPLE = 10;

  /** What is known of one field; {@code quantizer} is null where the segment has no codes. */
  private record Field(PqMetadata metadata, ProductQuantizer quantizer) {}

  private final FlatVectorsReader raw;
  private final Map<String, Field> fields;
  private IndexInput codebooks;
  private IndexInput codes;

  PqFlatVectorsReader(SegmentReadState state, FlatVectorsReader raw, SharedQuantizers shared)
      throws IOException {
    this.raw = raw;
    this.fields = new HashMap<>();
    try {
      Map<String, PqMetadata> metadata =
          PqFlatVectorsFormat.FILES.readMeta(
              state,
              PqFlatVectorsFormat.META_EXTENSION,
              PqFlatVectorsFormat.META_CODEC_NAME,
              PqMetadata::read);
      codebooks =
          PqFlatVectorsFormat.FILES.open(
              state,
              PqFlatVectorsFormat.CODEBOOK_EXTENSION,
              PqFlatVectorsFormat.CODEBOOK_CODEC_NAME,
              DataAccessHint.SEQUENTIAL);
      codes =
          PqFlatVectorsFormat.FILES.open(
              state,
              PqFlatVectorsFormat.CODES_EXTENSION,
              PqFlatVectorsFormat.CODES_CODEC_NAME,
              DataAccessHint.RANDOM);
      for (Map.Entry<String, PqMetadata> entry : metadata.entrySet()) {
        fields.put(entry.getKey(), readField(entry.getValue(), shared));
      }
    } catch (Throwable t) {
      IOUtils.closeWhileSuppressingExceptions(t, this);
      throw t;
    }
  }

  private PqFlatVectorsReader(PqFlatVectorsReader reader, FlatVectorsReader raw) {
    this.raw = raw;
    this.fields = reader.fields;
    this.codebooks = reader.codebooks;
    this.codes = reader.codes;
  }

  private Field readField(PqMetadata metadata, SharedQuantizers shared) throws IOException {
    if (!metadata.hasCodes()) {
      return new Field(metadata, null);
    }
    // Summed with overflow in mind: the numbers come from a file.
    if (metadata.quantizerLength() > codebooks.length() - metadata.quantizerOffset()
        || metadata.codesLength() > codes.length() - metadata.codesOffset()) {
      throw new CorruptIndexException(
          "codebook or codes end behind their file: " + metadata, codes);
    }
    ProductQuantizer quantizer =
        StoredQuantizer.read(
            codebooks,
            metadata.quantizerOffset(),
            metadata.quantizerLength(),
            metadata.similarity(),
            metadata.dimension(),
            metadata.recordLength());
    return new Field(metadata, shared.shared(quantizer));
  }

  /** Lucene's scorer of raw floats: graphs are built on full precision. */
  @Override
  public FlatVectorsScorer getFlatVectorScorer(String field) throws IOException {
    return raw.getFlatVectorScorer(field);
  }

  @Override
  public RandomVectorScorer getRandomVectorScorer(String name, float[] target) throws IOException {
    Field field = fields.get(name);
    if (field == null
        || field.quantizer() == null
        || inBlocks(field)
        || !ProductQuantizer.bindable(target)) {
      return raw.getRandomVectorScorer(name, target);
    }
    PqMetadata metadata = field.metadata();
    FlatVectorsScorer.checkDimensions(target.length, metadata.dimension());
    IndexInput slice = codes.slice("codes", metadata.codesOffset(), metadata.codesLength());
    return new PqVectorScorer(
        metadata.similarity(), field.quantizer(), slice, raw.getFloatVectorValues(name), target);
  }

  @Override
  public RandomVectorScorer getRandomVectorScorer(String name, byte[] target) throws IOException {
    return raw.getRandomVectorScorer(name, target);
  }

  @Override
  public FloatVectorValues getFloatVectorValues(String name) throws IOException {
    return raw.getFloatVectorValues(name);
  }

  @Override
  public ByteVectorValues getByteVectorValues(String name) throws IOException {
    return raw.getByteVectorValues(name);
  }

  @Override
  public void search(String name, float[] target, KnnCollector collector, AcceptDocs acceptDocs)
      throws IOException {
    FloatVectorValues values = raw.getFloatVectorValues(name);
    if (collector.k() == 0 || values.size() == 0) {
      return;
    }
    Field field = fields.get(name);
    if (!inBlocks(field)
        || !ProductQuantizer.bindable(target)
        || !ExactRescoring.understands(collector)) {
      RandomVectorScorer scorer = getRandomVectorScorer(name, target);
      new RawScan(scorer, collector).searchAll(acceptDocs);
      if (collector.getSearchStrategy() instanceof CandidateSearch search) {
        String method = scorer instanceof PqVectorScorer ? METHOD : RawScan.METHOD;
        search.report(method, 0, collector.visitedCount(), 0, false);
      }
      return;
    }
    PqMetadata metadata = field.metadata();
    FlatVectorsScorer.checkDimensions(target.length, metadata.dimension());
    scanBlocks(field, target, values.getAcceptOrds(acceptDocs.bits()), collector)
        .collect(
            METHOD, 0, metadata.similarity(), raw.getRandomVectorScorer(name, target), collector);
  }

  private static boolean inBlocks(Field field) {
    return field != null
        && field.quantizer() != null
        && field.metadata().layout() == CodeLayout.BLOCKS;
  }

  private CodeScan scanBlocks(Field field, float[] target, Bits accepted, KnnCollector collector)
      throws IOException {
    PqMetadata metadata = field.metadata();
    IndexInput slice = codes.slice("codes", metadata.codesOffset(), metadata.codesLength());
    FlatCursor blocks = new FlatCursor(slice, field.quantizer());
    CodeScan scan =
        new CodeScan(
            field.quantizer(),
            target,
            metadata.lowestWeight(),
            metadata.highestWeight(),
            Math.min(ExactRescoring.candidates(collector, OVERSAMPLE), metadata.count()),
            blocks,
            accepted,
            new VisitCount(collector));
    long[] words = accepted instanceof FixedBitSet set ? set.getBits() : null;
    for (int block = 0; block < metadata.blocks(); block++) {
      long some0 = words == null ? -1 : word(words, 2 * block);
      long some1 = words == null ? -1 : word(words, 2 * block + 1);
      if ((some0 | some1) == 0) {
        continue;
      }
      blocks.go(block);
      int vectors = Math.min(BlockLayout.VECTORS, metadata.count() - block * BlockLayout.VECTORS);
      if (scan.scan(vectors, some0, some1) < 0) {
        break;
      }
    }
    return scan;
  }

  private static long word(long[] words, int i) {
    return i < words.length ? words[i] : 0;
  }

  @Override
  public void search(String name, byte[] target, KnnCollector collector, AcceptDocs acceptDocs)
      throws IOException {
    if (collector.k() > 0 && raw.getByteVectorValues(name).size() > 0) {
      new RawScan(raw.getRandomVectorScorer(name, target), collector).searchAll(acceptDocs);
    }
  }

  @Override
  public ProductQuantizer quantizer(String name) {
    Field field = fields.get(name);
    return field == null ? null : field.quantizer();
  }

  @Override
  public Records records(String name) throws IOException {
    Field field = fields.get(name);
    if (field == null || field.quantizer() == null) {
      return null;
    }
    PqMetadata metadata = field.metadata();
    int length = metadata.recordLength();
    IndexInput slice = codes.slice("codes", metadata.codesOffset(), metadata.codesLength());
    if (metadata.layout() == CodeLayout.BLOCKS) {
      FlatCursor blocks = new FlatCursor(slice, field.quantizer());
      return (ord, record, offset) -> {
        if (blocks.number() != ord / BlockLayout.VECTORS) {
          blocks.go(ord / BlockLayout.VECTORS);
        }
        blocks.record(ord % BlockLayout.VECTORS, record, offset);
      };
    }
    return (ord, record, offset) -> {
      slice.seek((long) ord * length);
      slice.readBytes(record, offset, length);
    };
  }

  @Override
  public Estimator estimator(String name, float[] target) throws IOException {
    Field field = fields.get(name);
    return field == null || field.quantizer() == null
        ? null
        : RecordEstimator.of(records(name), field.quantizer(), target, field.metadata().count());
  }

  @Override
  public void checkIntegrity() throws IOException {
    raw.checkIntegrity();
    CodecUtil.checksumEntireFile(codebooks);
    CodecUtil.checksumEntireFile(codes);
  }

  @Override
  public FlatVectorsReader getMergeInstance() throws IOException {
    return new PqFlatVectorsReader(this, raw.getMergeInstance());
  }

  @Override
  public void finishMerge() throws IOException {
    raw.finishMerge();
  }

  @Override
  public long ramBytesUsed() {
    long bytes = SHALLOW_SIZE + raw.ramBytesUsed();
    for (Field field : fields.values()) {
      bytes += field.quantizer() == null ? 0 : field.quantizer().ramBytesUsed();
    }
    return bytes;
  }

  @Override
  public Map<String, Long> getOffHeapByteSize(FieldInfo info) {
    Map<String, Long> sizes = raw.getOffHeapByteSize(info);
    Field field = fields.get(info.name);
    if (field == null || field.quantizer() == null) {
      return sizes;
    }
    return KnnVectorsReader.mergeOffHeapByteSizeMaps(
        sizes, Map.of(PqFlatVectorsFormat.CODES_EXTENSION, field.metadata().codesLength()));
  }

  @Override
  public void close() throws IOException {
    IOUtils.close(codebooks, codes, raw);
  }
}
