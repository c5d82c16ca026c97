/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.affinity.quantization.PqParameters;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.ProductQuantizerTrainer;
import org.affinity.quantization.ReconstructionError;
import org.affinity.quantization.ReservoirSampler;
import org.affinity.quantization.VectorMath;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatFieldVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatVectorsScorer;
import org.apache.lucene.codecs.hnsw.FlatVectorsWriter;
import org.apache.lucene.index.DocsWithFieldSet;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexFileNames;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.MergeState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.index.Sorter;
import org.apache.lucene.index.VectorEncoding;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.util.IOUtils;
import org.apache.lucene.util.InfoStream;

/**
 * Lets the raw writer buffer and write the floats, then trains a codebook per field and writes the
 * codes. Training and encoding read the vectors once each; the heap they take is the bounded
 * training sample.
 */
final class PqFlatVectorsWriter extends FlatVectorsWriter {

  private static final String COMPONENT = "PQ";

  /** The same vectors in the same order give the same codebook. */
  private static final long SEED = 0x5EEDL;

  /** Most heap the training sample of one field takes. */
  private static final int SAMPLE_BYTES = 64 << 20;

  private record BufferedField(FieldInfo info, FlatFieldVectorsWriter<float[]> vectors) {}

  private final SegmentWriteState state;
  private final PqEncoding encoding;
  private final FlatVectorsWriter raw;
  private final List<BufferedField> fields = new ArrayList<>();
  private IndexOutput meta;
  private IndexOutput codebooks;
  private IndexOutput codes;
  private boolean finished;

  PqFlatVectorsWriter(
      SegmentWriteState state,
      PqEncoding encoding,
      FlatVectorsWriter raw,
      FlatVectorsScorer rawScorer)
      throws IOException {
    super(rawScorer);
    this.state = state;
    this.encoding = encoding;
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
    String name =
        IndexFileNames.segmentFileName(state.segmentInfo.name, state.segmentSuffix, extension);
    IndexOutput out = state.directory.createOutput(name, state.context);
    try {
      CodecUtil.writeIndexHeader(
          out,
          codecName,
          PqFlatVectorsFormat.VERSION_CURRENT,
          state.segmentInfo.getId(),
          state.segmentSuffix);
      return out;
    } catch (Throwable t) {
      IOUtils.closeWhileSuppressingExceptions(t, out);
      throw t;
    }
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
      if (!encoding.encodes(vectors.size())) {
        PqMetadata.withoutCodes(field.info(), vectors.size()).write(field.info().number, meta);
        continue;
      }
      PqTraining training = new PqTraining(field.info());
      for (float[] vector : vectors) {
        training.add(vector);
      }
      PqEncoder encoder = training.finish();
      if (sortMap == null) {
        for (float[] vector : vectors) {
          encoder.write(vector);
        }
      } else {
        for (int ord : newToOldOrd(field, sortMap)) {
          encoder.write(vectors.get(ord));
        }
      }
      encoder.finish();
    }
  }

  private static int[] newToOldOrd(BufferedField field, Sorter.DocMap sortMap) throws IOException {
    DocsWithFieldSet docs = field.vectors().getDocsWithFieldSet();
    int[] newToOld = new int[docs.cardinality()];
    mapOldOrdToNewOrd(docs, sortMap, null, newToOld, new DocsWithFieldSet());
    return newToOld;
  }

  @Override
  public void mergeOneFlatVectorField(FieldInfo info, MergeState mergeState) throws IOException {
    raw.mergeOneFlatVectorField(info, mergeState);
    if (info.getVectorEncoding() != VectorEncoding.FLOAT32) {
      return;
    }
    PqTraining training = new PqTraining(info);
    forEachVector(info, mergeState, training::add);
    if (!encoding.encodes(training.seen())) {
      PqMetadata.withoutCodes(info, Math.toIntExact(training.seen())).write(info.number, meta);
      return;
    }
    mergeState.checkAborted();
    PqEncoder encoder = training.finish();
    forEachVector(info, mergeState, encoder::write);
    encoder.finish();
  }

  private interface VectorConsumer {
    void accept(float[] vector) throws IOException;
  }

  private static void forEachVector(FieldInfo info, MergeState mergeState, VectorConsumer consumer)
      throws IOException {
    FloatVectorValues merged =
        KnnVectorsWriter.MergedVectorValues.mergeFloatVectorValues(info, mergeState);
    KnnVectorValues.DocIndexIterator docs = merged.iterator();
    for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
      if ((docs.index() & 0xFFF) == 0) {
        mergeState.checkAborted();
      }
      consumer.accept(merged.vectorValue(docs.index()));
    }
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

  /** Collects the sample of one field, then trains its codebook. */
  private final class PqTraining {
    private final FieldInfo info;
    private final ReservoirSampler sampler;

    PqTraining(FieldInfo info) {
      this.info = info;
      int affordable = SAMPLE_BYTES / (Float.BYTES * info.getVectorDimension());
      this.sampler =
          new ReservoirSampler(Math.min(ProductQuantizerTrainer.MAXIMUM_SAMPLE, affordable), SEED);
    }

    void add(float[] vector) {
      sampler.add(vector);
    }

    long seen() {
      return sampler.seen();
    }

    PqEncoder finish() throws IOException {
      boolean normalize = info.getVectorSimilarityFunction() == VectorSimilarityFunction.COSINE;
      List<float[]> sample = sampler.sample();
      if (normalize) {
        sample.forEach(vector -> VectorMath.normalize(vector, vector));
      }
      PqParameters parameters = encoding.parameters(info.getVectorDimension());
      ProductQuantizer quantizer = new ProductQuantizerTrainer(parameters, SEED).train(sample);
      ReconstructionError error = ReconstructionError.of(quantizer, sample);
      InfoStream log = state.infoStream;
      if (log.isEnabled(COMPONENT)) {
        log.message(
            COMPONENT,
            "field "
                + info.name
                + ": trained "
                + quantizer
                + " on "
                + sample.size()
                + " of "
                + seen()
                + " vectors, "
                + error);
      }
      return new PqEncoder(info, quantizer, (float) error.meanSquared(), normalize);
    }
  }

  /** Writes one field's codebook, codes and meta record. */
  private final class PqEncoder {
    private final FieldInfo info;
    private final ProductQuantizer quantizer;
    private final float trainingError;
    private final float[] unit;
    private final byte[] code;
    private final long codebookOffset;
    private final long codesOffset;
    private int count;

    PqEncoder(FieldInfo info, ProductQuantizer quantizer, float trainingError, boolean normalize)
        throws IOException {
      this.info = info;
      this.quantizer = quantizer;
      this.trainingError = trainingError;
      this.unit = normalize ? new float[info.getVectorDimension()] : null;
      this.code = new byte[quantizer.codeLength()];
      this.codebookOffset = codebooks.getFilePointer();
      for (float value : quantizer.centroids()) {
        codebooks.writeInt(Float.floatToIntBits(value));
      }
      this.codesOffset = codes.alignFilePointer(PqFlatVectorsFormat.CODES_ALIGNMENT);
    }

    void write(float[] vector) throws IOException {
      float[] encoded = vector;
      if (unit != null) {
        VectorMath.normalize(vector, unit);
        encoded = unit;
      }
      quantizer.encode(encoded, code, 0);
      codes.writeBytes(code, code.length);
      count++;
    }

    void finish() throws IOException {
      new PqMetadata(
              info.getVectorSimilarityFunction(),
              info.getVectorDimension(),
              count,
              code.length,
              trainingError,
              codebookOffset,
              codesOffset)
          .write(info.number, meta);
    }
  }
}
