/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.affinity.quantization.ProductQuantizer;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.index.DocIDMerger;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.MergeState;
import org.apache.lucene.search.DocIdSetIterator;

/**
 * One field in the segments of a merge, behind the per-field wrapper: its live vectors in their new
 * order, and the codes they have already. For one thread.
 */
public final class MergeSources {

  /** Vectors between two looks at whether the merge was aborted. */
  private static final int CHECK_EVERY = 0x1000;

  private final FieldInfo info;
  private final MergeState mergeState;
  private final List<KnnVectorsReader> readers = new ArrayList<>();
  private final List<MergeState.DocMap> docMaps = new ArrayList<>();
  private final int[] live;

  public MergeSources(FieldInfo info, MergeState mergeState) throws IOException {
    this.info = info;
    this.mergeState = mergeState;
    for (int i = 0; i < mergeState.knnVectorsReaders.length; i++) {
      KnnVectorsReader reader = reader(mergeState, i, info);
      FieldInfo theirs = mergeState.fieldInfos[i].fieldInfo(info.name);
      if (reader != null && theirs != null && theirs.hasVectorValues()) {
        readers.add(reader);
        docMaps.add(mergeState.docMaps[i]);
      }
    }
    this.live = new int[readers.size()];
    for (int i = 0; i < live.length; i++) {
      KnnVectorValues.DocIndexIterator docs = values(i).iterator();
      for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
        live[i] += docMaps.get(i).get(doc) == -1 ? 0 : 1;
      }
    }
  }

  /** The reader that holds the field in one of the merged segments; null if none does. */
  public static KnnVectorsReader reader(MergeState mergeState, int segment, FieldInfo info) {
    KnnVectorsReader reader = mergeState.knnVectorsReaders[segment];
    return reader instanceof PerFieldKnnVectorsFormat.FieldsReader fields
        ? fields.getFieldReader(info.name)
        : reader;
  }

  /** The number of the segment with most live vectors, among those that have the field. */
  public int largest() {
    int largest = 0;
    for (int i = 1; i < live.length; i++) {
      largest = live[i] > live[largest] ? i : largest;
    }
    return largest;
  }

  /** The reader behind a segment that has the field; not behind any wrapper of a whole segment. */
  public KnnVectorsReader reader(int segment) {
    return readers.get(segment);
  }

  private FloatVectorValues values(int segment) throws IOException {
    return readers.get(segment).getFloatVectorValues(info.name);
  }

  /** Live vectors. */
  public int size() {
    int size = 0;
    for (int count : live) {
      size = Math.addExact(size, count);
    }
    return size;
  }

  private ProductQuantizer quantizer(int segment) {
    return readers.get(segment) instanceof CodedVectors coded ? coded.quantizer(info.name) : null;
  }

  /** The segments' quantizers without repeats, that of most live vectors first. */
  public List<ProductQuantizer> quantizers() {
    Map<ProductQuantizer, Integer> vectors = new LinkedHashMap<>();
    for (int i = 0; i < live.length; i++) {
      ProductQuantizer quantizer = quantizer(i);
      if (quantizer != null) {
        vectors.merge(quantizer, live[i], Integer::sum);
      }
    }
    return vectors.entrySet().stream()
        .sorted(Map.Entry.<ProductQuantizer, Integer>comparingByValue(Comparator.reverseOrder()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Copies of up to {@code size} live vectors, evenly spread over the segments: no others are read.
   */
  public List<float[]> sample(int size) throws IOException {
    double step = Math.max(1, (double) size() / size);
    List<float[]> sample = new ArrayList<>();
    double next = 0;
    int seen = 0;
    for (int i = 0; i < live.length; i++) {
      FloatVectorValues values = values(i);
      KnnVectorValues.DocIndexIterator docs = values.iterator();
      for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
        if (docMaps.get(i).get(doc) == -1) {
          continue;
        }
        if (seen >= next && sample.size() < size) {
          sample.add(values.vectorValue(docs.index()).clone());
          next += step;
          mergeState.checkAborted();
        }
        seen++;
      }
    }
    return sample;
  }

  /** A live vector where it comes from; its own only until the next. */
  public final class Source extends DocIDMerger.Sub {
    private final int segment;
    private final KnnVectorValues.DocIndexIterator docs;
    private final FloatVectorValues values;
    private final ProductQuantizer quantizer;
    private CodedVectors.Records records;
    private ProductQuantizer compared;
    private boolean same;

    private Source(int segment) throws IOException {
      super(docMaps.get(segment));
      this.segment = segment;
      this.values = values(segment);
      this.docs = values.iterator();
      this.quantizer = MergeSources.this.quantizer(segment);
    }

    /** The number of its segment, among those that have the field. */
    public int segment() {
      return segment;
    }

    @Override
    public int nextDoc() throws IOException {
      return docs.nextDoc();
    }

    /** Whether its record is of this quantizer, so that it can be copied. */
    public boolean codedBy(ProductQuantizer wanted) {
      // Comparing takes as long as encoding does: once per segment, not per vector.
      if (compared == null) {
        compared = wanted;
        same = wanted.equals(quantizer);
      } else if (!compared.equals(wanted)) {
        throw new IllegalArgumentException("a merge has one quantizer");
      }
      return same;
    }

    /** Its segment's quantizer; null if it has none. */
    public ProductQuantizer quantizer() {
      return quantizer;
    }

    /** Its segment's records, if that has a quantizer. */
    public CodedVectors.Records records() throws IOException {
      if (records == null) {
        records = ((CodedVectors) readers.get(segment)).records(info.name);
      }
      return records;
    }

    /** Its ordinal in its segment. */
    public int ord() {
      return docs.index();
    }

    public float[] vector() throws IOException {
      return values.vectorValue(docs.index());
    }
  }

  /** Takes a live vector. */
  @FunctionalInterface
  public interface SourceConsumer {
    void accept(Source source) throws IOException;
  }

  /**
   * Goes through the live vectors in the order of their new ordinals.
   *
   * @throws IOException also if the merge was aborted
   */
  public void forEach(SourceConsumer consumer) throws IOException {
    List<Source> sources = new ArrayList<>();
    for (int i = 0; i < live.length; i++) {
      sources.add(new Source(i));
    }
    DocIDMerger<Source> merged = DocIDMerger.of(sources, mergeState.needsIndexSort);
    int seen = 0;
    for (Source source = merged.next(); source != null; source = merged.next()) {
      if (seen++ % CHECK_EVERY == 0) {
        mergeState.checkAborted();
      }
      consumer.accept(source);
    }
  }
}
