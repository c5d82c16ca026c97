/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.ProductQuantizerTrainer;
import org.affinity.quantization.ReservoirSampler;
import org.affinity.quantization.VectorEncoder;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.codecs.hnsw.FlatFieldVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatVectorsScorer;
import org.apache.lucene.codecs.hnsw.FlatVectorsWriter;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.MergeState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.index.Sorter;
import org.apache.lucene.index.VectorEncoding;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.util.IOUtils;

/**
 * Lets the raw writer buffer and write the floats, then trains a codebook per field and writes the
 * codes. Training and encoding read the vectors once each; the heap they take is the bounded
 * training sample.
 */
final class PqFlatVectorsWriter extends FlatVectorsWriter {

  /** The same vectors in the same order give the same sample. */
  private static final long SEED = 0x5EEDL;

  /** Most heap the training sample of one field takes. */
  private static final int SAMPLE_BYTES = 32 << 20;

  private final SegmentWriteState state;
  private final QuantizerSource source;
  private final CodeLayout layout;
  private final FlatVectorsWriter raw;
  private final List<BufferedField> fields = new ArrayList<>();
  private IndexOutput meta;
  private IndexOutput codebooks;
  private IndexOutput codes;
  private boolean finished;

  PqFlatVectorsWriter(
      SegmentWriteState state,
      QuantizerSource source,
      CodeLayout layout,
      FlatVectorsWriter raw,
      FlatVectorsScorer rawScorer)
      throws IOException {
    super(rawScorer);
    this.state = state;
    this.source = source;
    this.layout = layout;
    this.raw = raw;
    try {
      meta = create(PqFlatVectorsFormat.META_EXTENSION, PqFlatVectorsFormat.META_CODEC_NAME);
      codebooks =
          create(PqFlatVectorsFormat.CODEBOOK_EXTENSION, PqFlatVectorsFormat.CODEBOOK_CODEC_NAME);
      codes = create(PqFlatVectorsFormat.CODES_EXTENSION, PqFlatVectorsFormat.CODES_CODEC_NAME);
    } catch (Throwable t) {
      IOUtils.closeWhileSuppressingExceptions(t, this);
      throw t;
    }
  }

  private IndexOutput create(String extension, String codecName) throws IOException {
    return PqFlatVectorsFormat.FILES.create(state, extension, codecName);
  }

  @Override
  @SuppressWarnings("unchecked")
  public FlatFieldVectorsWriter<?> addField(FieldInfo info) throws IOException {
    FlatFieldVectorsWriter<?> field = raw.addField(info);
    if (info.getVectorEncoding() == VectorEncoding.FLOAT32) {
      fields.add(new BufferedField(info, (FlatFieldVectorsWriter<float[]>) field));
    }
    return field;
  }

  @Override
  public void flush(int maxDoc, Sorter.DocMap sortMap) throws IOException {
    raw.flush(maxDoc, sortMap);
    for (BufferedField field : fields) {
      List<float[]> vectors = field.vectors().getVectors();
      ProductQuantizer quantizer = null;
      if (source.encodes(vectors.size())) {
        ReservoirSampler sampler = new ReservoirSampler(sampleSize(field.info()), SEED);
        vectors.forEach(sampler::add);
        quantizer = source.forFlush(field.info(), sampler.sample(), state.infoStream);
      }
      if (quantizer == null) {
        PqMetadata.withoutCodes(field.info(), vectors.size()).write(field.info().number, meta);
        continue;
      }
      PqEncoder encoder = new PqEncoder(field.info(), quantizer);
      if (sortMap == null) {
        for (float[] vector : vectors) {
          encoder.write(vector);
        }
      } else {
        for (int ord : field.newToOldOrd(sortMap)) {
          encoder.write(vectors.get(ord));
        }
      }
      encoder.finish();
    }
  }

  /** Vectors to learn from, within the heap a sample may take. */
  private static int sampleSize(FieldInfo info) {
    int affordable = SAMPLE_BYTES / (Float.BYTES * info.getVectorDimension());
    return Math.min(ProductQuantizerTrainer.MAXIMUM_SAMPLE, affordable);
  }

  @Override
  public void mergeOneFlatVectorField(FieldInfo info, MergeState mergeState) throws IOException {
    raw.mergeOneFlatVectorField(info, mergeState);
    if (info.getVectorEncoding() != VectorEncoding.FLOAT32) {
      return;
    }
    MergeSources sources = new MergeSources(info, mergeState);
    ProductQuantizer quantizer = null;
    if (source.encodes(sources.size())) {
      List<float[]> sample = sources.sample(sampleSize(info));
      quantizer = source.forMerge(info, sample, sources.quantizers(), mergeState);
    }
    if (quantizer == null) {
      PqMetadata.withoutCodes(info, sources.size()).write(info.number, meta);
      return;
    }
    PqEncoder encoder = new PqEncoder(info, quantizer);
    ProductQuantizer kept = quantizer;
    sources.forEach(
        segment -> {
          if (segment.codedBy(kept)) {
            encoder.copy(segment.records(), segment.ord());
          } else {
            encoder.write(segment.vector());
          }
        });
    encoder.finish();
  }

  @Override
  public void finish() throws IOException {
    if (finished) {
      throw new IllegalStateException("already finished");
    }
    finished = true;
    raw.finish();
    meta.writeInt(-1);
    CodecUtil.writeFooter(meta);
    CodecUtil.writeFooter(codebooks);
    CodecUtil.writeFooter(codes);
  }

  @Override
  public long ramBytesUsed() {
    return raw.ramBytesUsed();
  }

  @Override
  public void close() throws IOException {
    IOUtils.close(meta, codebooks, codes, raw);
  }

  /** Writes one field's codebook, codes and meta record. */
  private final class PqEncoder {
    private final FieldInfo info;
    private final VectorEncoder encoder;
    private final byte[] record;
    private final long quantizerOffset;
    private final long quantizerLength;
    private final long codesOffset;
    private final int codeLength;
    private final BlockWriter blocks;
    private float lowestWeight = Float.POSITIVE_INFINITY;
    private float highestWeight;
    private int count;

    PqEncoder(FieldInfo info, ProductQuantizer quantizer) throws IOException {
      this.info = info;
      this.encoder = quantizer.encoder();
      this.codeLength = quantizer.parameters().codeLength();
      this.record = new byte[quantizer.recordLength()];
      this.quantizerOffset = codebooks.getFilePointer();
      byte[] bytes = quantizer.toBytes();
      codebooks.writeBytes(bytes, bytes.length);
      this.quantizerLength = bytes.length;
      this.codesOffset = codes.alignFilePointer(PqFlatVectorsFormat.CODES_ALIGNMENT);
      this.blocks = layout == CodeLayout.BLOCKS ? new BlockWriter(quantizer, codes) : null;
    }

    void write(float[] vector) throws IOException {
      encoder.encode(vector, record, 0);
      writeRecord();
    }

    /** Copies a record of the same quantizer. */
    void copy(CodedVectors.Records from, int ord) throws IOException {
      from.read(ord, record, 0);
      writeRecord();
    }

    private void writeRecord() throws IOException {
      if (record.length > codeLength) {
        float weight =
            ProductQuantizer.weight((record[codeLength] & 0xFF) | (record[codeLength + 1] << 8));
        lowestWeight = Math.min(lowestWeight, weight);
        highestWeight = Math.max(highestWeight, weight);
      }
      if (blocks == null) {
        codes.writeBytes(record, record.length);
      } else {
        blocks.add(record);
      }
      count++;
    }

    void finish() throws IOException {
      if (blocks != null) {
        blocks.finish();
      }
      boolean weighted = record.length > codeLength;
      new PqMetadata(
              info.getVectorSimilarityFunction(),
              info.getVectorDimension(),
              count,
              record.length,
              layout,
              weighted ? lowestWeight : 1,
              weighted ? highestWeight : 1,
              quantizerOffset,
              quantizerLength,
              codesOffset)
          .write(info.number, meta);
    }
  }
}
