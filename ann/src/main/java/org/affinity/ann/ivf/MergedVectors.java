/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.affinity.ann.pq.MergeSources;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.index.DocIDMerger;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.MergeState;

/**
 * The vectors of a merge in the order of their new ordinals, each with where it comes from. A
 * vector's floats are read only if asked for.
 */
final class MergedVectors {

  /** Vectors between two looks at whether the merge was aborted. */
  private static final int CHECK_EVERY = 0x1000;

  /** Takes one vector: the ordinal it gets, its source and the ordinal it has there. */
  @FunctionalInterface
  interface Visitor {
    void visit(int ord, Source source, int sourceOrd) throws IOException;
  }

  private final FieldInfo info;
  private final MergeState mergeState;

  MergedVectors(FieldInfo info, MergeState mergeState) {
    this.info = info;
    this.mergeState = mergeState;
  }

  /**
   * Visits all vectors.
   *
   * @return how many
   * @throws IOException also if the merge was aborted
   */
  int forEach(Visitor visitor) throws IOException {
    List<Source> sources = new ArrayList<>();
    for (int i = 0; i < mergeState.knnVectorsReaders.length; i++) {
      if (hasVectors(i)) {
        KnnVectorsReader reader = mergeState.knnVectorsReaders[i];
        FloatVectorValues values = reader.getFloatVectorValues(info.name);
        if (values != null) {
          sources.add(new Source(mergeState.docMaps[i], i, values));
        }
      }
    }
    if (sources.isEmpty()) {
      return 0;
    }
    DocIDMerger<Source> merger = DocIDMerger.of(sources, mergeState.needsIndexSort);
    int ord = 0;
    for (Source source = merger.next(); source != null; source = merger.next()) {
      if (ord % CHECK_EVERY == 0) {
        mergeState.checkAborted();
      }
      visitor.visit(ord++, source, source.docs.index());
    }
    return ord;
  }

  private boolean hasVectors(int segment) {
    FieldInfo there = mergeState.fieldInfos[segment].fieldInfo(info.name);
    return there != null
        && there.hasVectorValues()
        && mergeState.knnVectorsReaders[segment] != null;
  }

  int segments() {
    return mergeState.knnVectorsReaders.length;
  }

  /** The reader behind a source; not behind any wrapper of a whole segment. */
  KnnVectorsReader reader(int segment) {
    return MergeSources.reader(mergeState, segment, info);
  }

  /** Most vectors there can be: deleted ones included. */
  long bound() throws IOException {
    long bound = 0;
    for (int i = 0; i < mergeState.knnVectorsReaders.length; i++) {
      if (hasVectors(i)) {
        FloatVectorValues values = mergeState.knnVectorsReaders[i].getFloatVectorValues(info.name);
        bound += values == null ? 0 : values.size();
      }
    }
    return bound;
  }

  /** One merged segment's vectors. */
  static final class Source extends DocIDMerger.Sub {
    private final int segment;
    private final FloatVectorValues values;
    private final KnnVectorValues.DocIndexIterator docs;

    Source(MergeState.DocMap docMap, int segment, FloatVectorValues values) {
      super(docMap);
      this.segment = segment;
      this.values = values;
      this.docs = values.iterator();
    }

    @Override
    public int nextDoc() throws IOException {
      return docs.nextDoc();
    }

    /** Number of the segment in the merge. */
    int segment() {
      return segment;
    }

    /** The floats of the vector just visited; valid until the next call. */
    float[] vector() throws IOException {
      return values.vectorValue(docs.index());
    }
  }
}
