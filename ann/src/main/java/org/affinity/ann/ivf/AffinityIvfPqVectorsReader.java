/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.affinity.ann.pq.CodedVectors;
import org.affinity.ann.pq.RecordEstimator;
import org.affinity.ann.pq.SharedQuantizers;
import org.affinity.ann.pq.StoredQuantizer;
import org.affinity.ann.scan.CodeScan;
import org.affinity.ann.scan.RawScan;
import org.affinity.ann.scan.VisitCount;
import org.affinity.ann.search.CandidateSearch;
import org.affinity.ann.search.SignalEstimates;
import org.affinity.quantization.ProductQuantizer;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
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
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/**
 * Reads quantizers, centroids and directories to the heap at open and scans lists where they are
 * mapped; raw floats come from Lucene's flat reader. Safe for use by any number of threads.
 *
 * <p>A search is exact where that is cheaper: no lists, few accepted documents, or so many
 * neighbours that most vectors would be rescored.
 */
final class AffinityIvfPqVectorsReader extends KnnVectorsReader
    implements CodedVectors, SignalEstimates {

  private static final String METHOD = "ivf";

  /** So few accepted documents are compared one by one. */
  private static final int FEW = 4096;

  /** So few accepted documents per candidate, too. */
  private static final int FEW_PER_CANDIDATE = 32;

  /** Rescoring more than one vector in so many costs as much as comparing all in order. */
  private static final int MOST = 4;

  /** Candidates of a search for all vectors above a score, whose k says nothing. */
  private static final int WITHIN_CANDIDATES = 1024;

  private final FlatVectorsReader raw;
  private final Map<String, InvertedLists> fields;
  private IndexInput quantizers;
  private IndexInput centroids;
  private IndexInput lists;

  AffinityIvfPqVectorsReader(SegmentReadState state, FlatVectorsReader raw, SharedQuantizers shared)
      throws IOException {
    this.raw = raw;
    this.fields = new HashMap<>();
    try {
      Map<String, IvfMetadata> metadata =
          AffinityIvfPqVectorsFormat.FILES.readMeta(
              state,
              AffinityIvfPqVectorsFormat.META_EXTENSION,
              AffinityIvfPqVectorsFormat.META_CODEC_NAME,
              IvfMetadata::read);
      quantizers =
          AffinityIvfPqVectorsFormat.FILES.open(
              state,
              AffinityIvfPqVectorsFormat.QUANTIZER_EXTENSION,
              AffinityIvfPqVectorsFormat.QUANTIZER_CODEC_NAME,
              DataAccessHint.SEQUENTIAL);
      centroids =
          AffinityIvfPqVectorsFormat.FILES.open(
              state,
              AffinityIvfPqVectorsFormat.CENTROIDS_EXTENSION,
              AffinityIvfPqVectorsFormat.CENTROIDS_CODEC_NAME,
              DataAccessHint.SEQUENTIAL);
      // All of it is about to be read anyway.
      CodecUtil.checksumEntireFile(centroids);
      lists =
          AffinityIvfPqVectorsFormat.FILES.open(
              state,
              AffinityIvfPqVectorsFormat.LISTS_EXTENSION,
              AffinityIvfPqVectorsFormat.LISTS_CODEC_NAME,
              DataAccessHint.RANDOM);
      for (Map.Entry<String, IvfMetadata> entry : metadata.entrySet()) {
        if (entry.getValue().hasLists()) {
          fields.put(entry.getKey(), readField(entry.getValue(), shared));
        }
      }
    } catch (Throwable t) {
      IOUtils.closeWhileSuppressingExceptions(t, this);
      throw t;
    }
  }

  private AffinityIvfPqVectorsReader(AffinityIvfPqVectorsReader reader, FlatVectorsReader raw) {
    this.raw = raw;
    this.fields = reader.fields;
    this.quantizers = reader.quantizers;
    this.centroids = reader.centroids;
    this.lists = reader.lists;
  }

  private InvertedLists readField(IvfMetadata metadata, SharedQuantizers shared)
      throws IOException {
    // Subtracted with overflow in mind: the numbers come from a file.
    if (metadata.quantizerLength() > quantizers.length() - metadata.quantizerOffset()
        || metadata.centroidsLength() > centroids.length() - metadata.centroidsOffset()
        || metadata.listsLength() > lists.length() - metadata.listsOffset()) {
      throw new CorruptIndexException(
          "quantizer, centroids or lists end behind their file: " + metadata, lists);
    }
    ProductQuantizer quantizer =
        StoredQuantizer.read(
            quantizers,
            metadata.quantizerOffset(),
            metadata.quantizerLength(),
            metadata.similarity(),
            metadata.dimension(),
            metadata.recordLength());
    IndexInput index = centroids.clone();
    index.seek(metadata.centroidsOffset());
    return InvertedLists.read(metadata, shared.shared(quantizer), index, lists);
  }

  /** The field's lists; null where this segment has none for it. */
  InvertedLists lists(String field) {
    return fields.get(field);
  }

  @Override
  public FloatVectorValues getFloatVectorValues(String field) throws IOException {
    return raw.getFloatVectorValues(field);
  }

  @Override
  public ByteVectorValues getByteVectorValues(String field) throws IOException {
    return raw.getByteVectorValues(field);
  }

  @Override
  public void search(String field, float[] target, KnnCollector collector, AcceptDocs acceptDocs)
      throws IOException {
    FloatVectorValues values = raw.getFloatVectorValues(field);
    int size = values.size();
    if (collector.k() == 0 || size == 0) {
      return;
    }
    RandomVectorScorer scorer = raw.getRandomVectorScorer(field, target);
    RawScan exact = new RawScan(scorer, collector);
    CandidateSearch candidates =
        collector.getSearchStrategy() instanceof CandidateSearch search ? search : null;
    InvertedLists inverted = fields.get(field);
    boolean within = isWithin(collector);
    int k = within ? WITHIN_CANDIDATES / 2 : Math.min(collector.k(), size);
    Effort effort = candidates == null ? Effort.of(k, size) : Effort.ofCandidates(k, size);
    Bits bits = acceptDocs.bits();
    int cost = bits == null ? size : Math.min(size, acceptDocs.cost());
    boolean few = bits != null && cost <= Math.max(FEW, FEW_PER_CANDIDATE * effort.rescored());
    if (few
        || inverted == null
        || (long) MOST * effort.rescored() > size
        || !ProductQuantizer.bindable(target)) {
      if (few) {
        exact.searchFew(acceptDocs.iterator(), values.iterator());
      } else {
        exact.searchAll(acceptDocs);
      }
      if (candidates != null) {
        candidates.report(RawScan.METHOD, 0, collector.visitedCount(), 0, false);
      }
      return;
    }
    Bits accepted = values.getAcceptOrds(bits);
    if (accepted != null) {
      effort = effort.filtered((double) cost / size, size);
    }
    IvfSearch search = new IvfSearch(inverted, target, effort, accepted, new VisitCount(collector));
    CodeScan found = search.search(nprobes(inverted, candidates), Math.min(k, effort.rescored()));
    if (within) {
      collectWithin(exact, found, accepted, size);
    } else {
      found.collect(METHOD, search.probed(), inverted.metadata().similarity(), scorer, collector);
    }
  }

  /** The query's, else the mapping's of when the segment was written. */
  private static int nprobes(InvertedLists inverted, CandidateSearch candidates) {
    int nprobes =
        candidates != null && candidates.nprobes() > 0
            ? candidates.nprobes()
            : inverted.metadata().nprobes();
    return nprobes == 0 ? Integer.MAX_VALUE : nprobes;
  }

  /**
   * Whether a collector takes all vectors above a score rather than the k best: those give a least
   * competitive score from the start, which {@link KnnCollector} forbids the others.
   */
  private static boolean isWithin(KnnCollector collector) {
    return collector.k() == 1
        && collector.minCompetitiveSimilarity() == Math.nextUp(Float.NEGATIVE_INFINITY);
  }

  private static void collectWithin(RawScan exact, CodeScan found, Bits accepted, int size)
      throws IOException {
    int[] ords = found.bestFirst();
    if (exact.rescoreWhileCompetitive(ords) == ords.length) {
      FixedBitSet done = new FixedBitSet(size);
      for (int ord : ords) {
        done.set(ord);
      }
      exact.searchOthers(accepted, done);
    }
  }

  @Override
  public void search(String field, byte[] target, KnnCollector collector, AcceptDocs acceptDocs)
      throws IOException {
    if (collector.k() > 0 && raw.getByteVectorValues(field).size() > 0) {
      RandomVectorScorer scorer = raw.getRandomVectorScorer(field, target);
      new RawScan(scorer, collector).searchAll(acceptDocs);
    }
  }

  @Override
  public ProductQuantizer quantizer(String field) {
    InvertedLists inverted = fields.get(field);
    return inverted == null ? null : inverted.quantizer();
  }

  @Override
  public Records records(String field) throws IOException {
    InvertedLists inverted = fields.get(field);
    return inverted == null ? null : inverted.records();
  }

  @Override
  public Estimator estimator(String field, float[] target) throws IOException {
    InvertedLists inverted = fields.get(field);
    return inverted == null || !ProductQuantizer.bindable(target)
        ? null
        : RecordEstimator.of(
            inverted.keptRecords(), inverted.quantizer(), target, inverted.metadata().count());
  }

  @Override
  public void checkIntegrity() throws IOException {
    raw.checkIntegrity();
    CodecUtil.checksumEntireFile(quantizers);
    CodecUtil.checksumEntireFile(centroids);
    CodecUtil.checksumEntireFile(lists);
  }

  @Override
  public KnnVectorsReader getMergeInstance() throws IOException {
    return new AffinityIvfPqVectorsReader(this, raw.getMergeInstance());
  }

  @Override
  public void finishMerge() throws IOException {
    raw.finishMerge();
  }

  @Override
  public Map<String, Long> getOffHeapByteSize(FieldInfo info) {
    Map<String, Long> sizes = raw.getOffHeapByteSize(info);
    InvertedLists inverted = fields.get(info.name);
    if (inverted == null) {
      return sizes;
    }
    return mergeOffHeapByteSizeMaps(
        sizes,
        Map.of(AffinityIvfPqVectorsFormat.LISTS_EXTENSION, inverted.metadata().listsLength()));
  }

  @Override
  public void close() throws IOException {
    IOUtils.close(quantizers, centroids, lists, raw);
  }
}
