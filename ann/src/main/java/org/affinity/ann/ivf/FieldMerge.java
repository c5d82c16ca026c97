/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.affinity.ann.pq.CodedVectors;
import org.affinity.ann.pq.MergeSources;
import org.affinity.ann.pq.QuantizerSource;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.VectorEncoder;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.MergeState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.util.IOUtils;

/**
 * Finds one field's codebook, centroids, records and lists in a merge. What a source has already is
 * taken over: records from every source with the same codebook, byte for byte; centroids, and with
 * them the lists of its own vectors, from the source that has most vectors, as long as its lists
 * suit the merged segment in number and fit the other vectors. The floats of a vector whose record
 * and list are both known are not read at all.
 *
 * <p>Records wait in a temporary file until their lists are written.
 */
final class FieldMerge implements Closeable {

  /** Centroids are kept if lists are at most so many times too few or too many. */
  private static final double MISFIT = 2;

  /** Centroids are kept if other vectors are at most so many times farther from them. */
  private static final double DRIFT = 1.15;

  /** Other vectors on which centroids must prove that they fit. */
  private static final int PROVED_ON = 2000;

  private final FieldInfo info;
  private final MergeState mergeState;
  private final IvfParameters parameters;
  private final QuantizerSource source;
  private final SegmentWriteState state;
  private final MergeSources merged;

  private int count;
  private ProductQuantizer quantizer;
  private CoarseQuantizer coarse;
  private int[] listOf;
  private ListStatistics statistics;

  /** The segment whose centroids are taken over; -1 for none. */
  private int lender = -1;

  private ListEntry[] lentLists;
  private double lentDistortion;
  private int[] lentListOf;
  private String tempName;
  private IndexInput temp;

  FieldMerge(
      FieldInfo info,
      MergeState mergeState,
      IvfParameters parameters,
      QuantizerSource source,
      SegmentWriteState state)
      throws IOException {
    this.info = info;
    this.mergeState = mergeState;
    this.parameters = parameters;
    this.source = source;
    this.state = state;
    this.merged = new MergeSources(info, mergeState);
    this.count = merged.size();
  }

  /** Returns whether the merged segment has lists; if so everything below can be asked for. */
  boolean run() throws IOException {
    if (!source.encodes(count)) {
      return false;
    }
    VectorSample sample =
        new VectorSample(info.getVectorDimension(), parameters.lists(count), count);
    merged.forEach(
        from -> {
          if (sample.wantsNext()) {
            sample.add(from.vector());
          }
        });
    if (sample.vectors().isEmpty()) {
      return false;
    }
    quantizer = source.forMerge(info, sample.forCodes(), merged.quantizers(), mergeState);
    if (quantizer == null) {
      return false;
    }
    borrowCentroids(sample);
    if (coarse == null) {
      coarse =
          sample.forLists(
              info, quantizer.metric(), parameters.lists(count), mergeState::checkAborted);
    }
    listOf = new int[count];
    collectRecords();
    return true;
  }

  private void borrowCentroids(VectorSample sample) throws IOException {
    int largest = merged.largest();
    if (!(merged.reader(largest) instanceof AffinityIvfPqVectorsReader ivf)) {
      return;
    }
    InvertedLists lists = ivf.lists(info.name);
    if (lists == null) {
      return;
    }
    int wanted = parameters.lists(count);
    CoarseQuantizer candidate = lists.coarse();
    boolean suits =
        wanted == 1
            ? candidate.lists() == 1
            : candidate.lists() * MISFIT >= wanted && candidate.lists() <= wanted * MISFIT;
    if (suits && fits(candidate, lists.metadata().distortion(), sample.vectors())) {
      coarse = candidate;
      lender = largest;
      lentLists = lists.entries();
      lentDistortion = lists.metadata().distortion();
      lentListOf = lists.listOf();
    }
  }

  private static boolean fits(CoarseQuantizer candidate, double distortion, List<float[]> sample) {
    int size = Math.min(sample.size(), PROVED_ON);
    ListAssigner assigner = new ListAssigner(candidate, new int[size]);
    for (int i = 0; i < size; i++) {
      assigner.add(i, sample.get((int) ((long) i * sample.size() / size)));
    }
    assigner.finish();
    return assigner.distortion() <= DRIFT * distortion;
  }

  private void collectRecords() throws IOException {
    ListAssigner assigner = new ListAssigner(coarse, listOf);
    VectorEncoder encoder = quantizer.encoder();
    byte[] record = new byte[quantizer.recordLength()];
    int[] next = new int[1];
    int[] kept = new int[1];
    try (IndexOutput out =
        state.directory.createTempOutput(state.segmentInfo.name, "ivf", state.context)) {
      tempName = out.getName();
      merged.forEach(
          from -> {
            int ord = next[0]++;
            if (from.codedBy(quantizer)) {
              from.records().read(from.ord(), record, 0);
            } else {
              encoder.encode(from.vector(), record, 0);
            }
            out.writeBytes(record, record.length);
            if (from.segment() == lender) {
              listOf[ord] = lentListOf[from.ord()];
              kept[0]++;
            } else {
              assigner.add(ord, from.vector());
            }
          });
      CodecUtil.writeFooter(out);
    }
    assigner.finish();
    lentListOf = null;
    statistics =
        lender < 0
            ? new ListStatistics(assigner, coarse.lists())
            : new ListStatistics(assigner, lentLists, kept[0], lentDistortion);
    temp = state.directory.openInput(tempName, IOContext.DEFAULT);
  }

  int count() {
    return count;
  }

  ProductQuantizer quantizer() {
    return quantizer;
  }

  CoarseQuantizer coarse() {
    return coarse;
  }

  /** By ordinal. */
  int[] listOf() {
    return listOf;
  }

  ListStatistics statistics() {
    return statistics;
  }

  /** The merged vectors' records; to be read before this is closed. */
  CodedVectors.Records records() {
    int length = quantizer.recordLength();
    return (ord, record, offset) -> {
      if ((ord & 0xFFF) == 0) {
        mergeState.checkAborted();
      }
      temp.seek((long) ord * length);
      temp.readBytes(record, offset, length);
    };
  }

  @Override
  public void close() throws IOException {
    IOUtils.close(temp);
    if (tempName != null) {
      IOUtils.deleteFilesIgnoringExceptions(state.directory, tempName);
    }
  }
}
