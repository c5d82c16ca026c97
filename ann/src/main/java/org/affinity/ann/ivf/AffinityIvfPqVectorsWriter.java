/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.affinity.ann.pq.BufferedField;
import org.affinity.ann.pq.CodedVectors;
import org.affinity.ann.pq.QuantizerSource;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.VectorEncoder;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.codecs.KnnFieldVectorsWriter;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatFieldVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatVectorsWriter;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.MergeState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.index.Sorter;
import org.apache.lucene.index.VectorEncoding;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.util.IORunnable;
import org.apache.lucene.util.IOUtils;

/**
 * Lets the raw writer buffer and write the floats, then writes each field's quantizer, centroids
 * and lists. Besides bounded samples and buffers, a flush and a merge hold two ints per vector.
 */
final class AffinityIvfPqVectorsWriter extends KnnVectorsWriter {

  private final SegmentWriteState state;
  private final IvfParameters parameters;
  private final QuantizerSource source;
  private final FlatVectorsWriter raw;
  private final List<BufferedField> fields = new ArrayList<>();
  private IndexOutput meta;
  private IndexOutput quantizers;
  private IndexOutput centroids;
  private IndexOutput lists;
  private boolean finished;

  AffinityIvfPqVectorsWriter(
      SegmentWriteState state,
      IvfParameters parameters,
      QuantizerSource source,
      FlatVectorsWriter raw)
      throws IOException {
    this.state = state;
    this.parameters = parameters;
    this.source = source;
    this.raw = raw;
    try {
      meta =
          create(
              AffinityIvfPqVectorsFormat.META_EXTENSION,
              AffinityIvfPqVectorsFormat.META_CODEC_NAME);
      quantizers =
          create(
              AffinityIvfPqVectorsFormat.QUANTIZER_EXTENSION,
              AffinityIvfPqVectorsFormat.QUANTIZER_CODEC_NAME);
      centroids =
          create(
              AffinityIvfPqVectorsFormat.CENTROIDS_EXTENSION,
              AffinityIvfPqVectorsFormat.CENTROIDS_CODEC_NAME);
      lists =
          create(
              AffinityIvfPqVectorsFormat.LISTS_EXTENSION,
              AffinityIvfPqVectorsFormat.LISTS_CODEC_NAME);
    } catch (Throwable t) {
      IOUtils.closeWhileSuppressingExceptions(t, this);
      throw t;
    }
  }

  private IndexOutput create(String extension, String codecName) throws IOException {
    return AffinityIvfPqVectorsFormat.FILES.create(state, extension, codecName);
  }

  @Override
  @SuppressWarnings("unchecked")
  public KnnFieldVectorsWriter<?> addField(FieldInfo info) throws IOException {
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
      flush(field, sortMap);
    }
  }

  private void flush(BufferedField field, Sorter.DocMap sortMap) throws IOException {
    FieldInfo info = field.info();
    List<float[]> vectors = field.vectors().getVectors();
    int count = vectors.size();
    VectorSample sample = null;
    ProductQuantizer quantizer = null;
    if (source.encodes(count)) {
      sample = new VectorSample(info.getVectorDimension(), parameters.lists(count), count);
      for (float[] vector : vectors) {
        if (sample.wantsNext()) {
          sample.add(vector);
        }
      }
      quantizer = source.forFlush(info, sample.forCodes(), state.infoStream);
    }
    if (quantizer == null) {
      IvfMetadata.withoutLists(info, count).write(info.number, meta);
      return;
    }
    int[] newToOld = sortMap == null ? null : field.newToOldOrd(sortMap);
    CoarseQuantizer coarse =
        sample.forLists(info, quantizer.metric(), parameters.lists(count), AbortCheck.NEVER);
    int[] listOf = new int[count];
    ListAssigner assigner = new ListAssigner(coarse, listOf);
    for (int ord = 0; ord < count; ord++) {
      assigner.add(ord, vectors.get(newToOld == null ? ord : newToOld[ord]));
    }
    assigner.finish();
    VectorEncoder encoder = quantizer.encoder();
    ListStatistics statistics = new ListStatistics(assigner, coarse.lists());
    writeField(
        info,
        quantizer,
        coarse,
        listOf,
        count,
        (ord, record, offset) ->
            encoder.encode(vectors.get(newToOld == null ? ord : newToOld[ord]), record, offset),
        statistics);
  }

  @Override
  public IORunnable mergeOneField(FieldInfo info, MergeState mergeState) throws IOException {
    raw.mergeOneFlatVectorField(info, mergeState);
    return info.getVectorEncoding() == VectorEncoding.FLOAT32
        ? () -> mergeLists(info, mergeState)
        : null;
  }

  private void mergeLists(FieldInfo info, MergeState mergeState) throws IOException {
    try (FieldMerge merge = new FieldMerge(info, mergeState, parameters, source, state)) {
      if (!merge.run()) {
        IvfMetadata.withoutLists(info, merge.count()).write(info.number, meta);
        return;
      }
      writeField(
          info,
          merge.quantizer(),
          merge.coarse(),
          merge.listOf(),
          merge.count(),
          merge.records(),
          merge.statistics());
    }
  }

  /** Writes one field's quantizer, centroids, lists and meta record. */
  private void writeField(
      FieldInfo info,
      ProductQuantizer quantizer,
      CoarseQuantizer coarse,
      int[] listOf,
      int count,
      CodedVectors.Records records,
      ListStatistics statistics)
      throws IOException {
    byte[] bytes = quantizer.toBytes();
    final long quantizerOffset = quantizers.getFilePointer();
    quantizers.writeBytes(bytes, bytes.length);
    int[] starts = new int[coarse.lists() + 1];
    int[] ords = byList(listOf, count, starts);
    ListLayout layout =
        ListLayout.of(quantizer.parameters().codeLength(), quantizer.recordLength());
    ListWriter writer = new ListWriter(lists, layout);
    List<ListEntry> entries = new ArrayList<>();
    for (int list = 0; list < coarse.lists(); list++) {
      entries.add(
          writer.write(
              ords,
              starts[list],
              starts[list + 1],
              records,
              statistics.radius(list),
              statistics.reach(list)));
    }
    long centroidsOffset = writeCentroids(coarse, entries);
    new IvfMetadata(
            info.getVectorSimilarityFunction(),
            info.getVectorDimension(),
            count,
            layout.recordLength(),
            coarse.lists(),
            coarse.groups(),
            parameters.nprobes(),
            coarse.directions(),
            (float) statistics.distortion(),
            quantizerOffset,
            bytes.length,
            centroidsOffset,
            writer.start(),
            writer.length())
        .write(info.number, meta);
  }

  /** A counting sort: the ordinals list by list, ascending in each. */
  private static int[] byList(int[] listOf, int count, int[] starts) {
    for (int ord = 0; ord < count; ord++) {
      starts[listOf[ord] + 1]++;
    }
    for (int list = 1; list < starts.length; list++) {
      starts[list] += starts[list - 1];
    }
    int[] next = starts.clone();
    int[] ords = new int[count];
    for (int ord = 0; ord < count; ord++) {
      ords[next[listOf[ord]]++] = ord;
    }
    return ords;
  }

  private long writeCentroids(CoarseQuantizer coarse, List<ListEntry> entries) throws IOException {
    long offset = centroids.alignFilePointer(AffinityIvfPqVectorsFormat.ALIGNMENT);
    for (int g = 0; g < coarse.groups(); g++) {
      int end = g + 1 < coarse.groups() ? coarse.firstList(g + 1) : coarse.lists();
      centroids.writeInt(end - coarse.firstList(g));
    }
    for (float[] rows : List.of(coarse.groupRows(), coarse.rows())) {
      for (float value : rows) {
        centroids.writeInt(Float.floatToIntBits(value));
      }
    }
    for (ListEntry entry : entries) {
      entry.write(centroids);
    }
    return offset;
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
    CodecUtil.writeFooter(quantizers);
    CodecUtil.writeFooter(centroids);
    CodecUtil.writeFooter(lists);
  }

  @Override
  public long ramBytesUsed() {
    return raw.ramBytesUsed();
  }

  @Override
  public void close() throws IOException {
    IOUtils.close(meta, quantizers, centroids, lists, raw);
  }
}
