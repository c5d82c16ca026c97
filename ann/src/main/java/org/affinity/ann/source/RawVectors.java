/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.source;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.apache.lucene.codecs.hnsw.FlatVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99FlatVectorsFormat;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexFileNames;
import org.apache.lucene.index.SegmentInfo;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.VectorEncoding;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.util.IOUtils;

/**
 * The float vectors of a segment beside the reader that searches use: of every format that keeps
 * them in Lucene's flat files, only those are opened, so neither codebooks nor graphs are in memory
 * twice. Opened with the segment, because the files of one that is merged away can be gone later.
 */
final class RawVectors implements Closeable {

  private static final FlatVectorsFormat FLAT =
      new Lucene99FlatVectorsFormat(FlatVectorScorerUtil.getLucene99FlatVectorsScorer());

  private final Map<String, KnnVectorsReader> files = new HashMap<>();
  private final Map<String, KnnVectorsReader> fields = new HashMap<>();
  private final List<FieldInfo> infos = new ArrayList<>();

  static RawVectors open(Directory directory, SegmentInfo segment, FieldInfos infos, IOContext io)
      throws IOException {
    RawVectors vectors = new RawVectors();
    try {
      for (FieldInfo field : infos) {
        vectors.open(field, new SegmentReadState(directory, segment, infos, io));
      }
      return vectors;
    } catch (Throwable e) {
      IOUtils.closeWhileSuppressingExceptions(e, vectors);
      throw e;
    }
  }

  private void open(FieldInfo field, SegmentReadState state) throws IOException {
    String format = field.getAttribute(PerFieldKnnVectorsFormat.PER_FIELD_FORMAT_KEY);
    if (format == null || field.getVectorEncoding() != VectorEncoding.FLOAT32) {
      return;
    }
    String suffix =
        format + "_" + field.getAttribute(PerFieldKnnVectorsFormat.PER_FIELD_SUFFIX_KEY);
    KnnVectorsReader reader = files.get(suffix);
    if (reader == null) {
      reader = open(format, new SegmentReadState(state, suffix));
      files.put(suffix, reader);
    }
    fields.put(field.name, reader);
    infos.add(field);
  }

  private static KnnVectorsReader open(String format, SegmentReadState state) throws IOException {
    String flat =
        IndexFileNames.segmentFileName(state.segmentInfo.name, state.segmentSuffix, "vemf");
    for (String file : state.directory.listAll()) {
      if (file.equals(flat)) {
        return FLAT.fieldsReader(state);
      }
    }
    return KnnVectorsFormat.forName(format).fieldsReader(state);
  }

  boolean isEmpty() {
    return fields.isEmpty();
  }

  /** The fields that have vectors. */
  List<FieldInfo> infos() {
    return infos;
  }

  /** The vectors of a field, for one thread; null if the segment has none. */
  FloatVectorValues values(String field) throws IOException {
    KnnVectorsReader reader = fields.get(field);
    return reader == null ? null : reader.getFloatVectorValues(field);
  }

  @Override
  public void close() throws IOException {
    IOUtils.close(files.values());
  }
}
