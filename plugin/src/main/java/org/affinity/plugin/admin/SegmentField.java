/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import org.affinity.ann.pq.CodedVectors;
import org.affinity.quantization.ProductQuantizer;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.SegmentReader;
import org.apache.lucene.util.Bits;
import org.opensearch.common.lucene.Lucene;

/**
 * The vectors of one field in one segment.
 *
 * @param leaf as searches see it, deletions applied
 * @param reader of the field's own format
 */
record SegmentField(
    LeafReader leaf, SegmentReader segment, FieldInfo info, KnnVectorsReader reader) {

  /** Null if the segment has no vectors for the field. */
  static SegmentField of(LeafReader leaf, String field) {
    SegmentReader segment = Lucene.segmentReader(leaf);
    FieldInfo info = segment.getFieldInfos().fieldInfo(field);
    if (info == null || info.getVectorDimension() == 0) {
      return null;
    }
    KnnVectorsReader reader = segment.getVectorReader();
    if (reader instanceof PerFieldKnnVectorsFormat.FieldsReader fields) {
      reader = fields.getFieldReader(field);
    }
    return reader == null ? null : new SegmentField(leaf, segment, info, reader);
  }

  String format() {
    return String.valueOf(info.getAttribute(PerFieldKnnVectorsFormat.PER_FIELD_FORMAT_KEY));
  }

  Tally bytes() {
    return FileKind.byKind(reader.getOffHeapByteSize(info));
  }

  FloatVectorValues vectors() throws IOException {
    return reader.getFloatVectorValues(info.name);
  }

  /** Null where the segment has no product quantization codes. */
  ProductQuantizer quantizer() {
    return reader instanceof CodedVectors coded ? coded.quantizer(info.name) : null;
  }

  /** Vectors of documents that are not deleted; looks at all of them if the field is sparse. */
  long live() throws IOException {
    Bits liveDocs = leaf.getLiveDocs();
    FloatVectorValues vectors = vectors();
    if (liveDocs == null) {
      return vectors.size();
    }
    if (vectors.size() == leaf.maxDoc()) {
      return leaf.numDocs();
    }
    long live = 0;
    KnnVectorValues.DocIndexIterator docs = vectors.iterator();
    for (int doc = docs.nextDoc();
        doc != KnnVectorValues.DocIndexIterator.NO_MORE_DOCS;
        doc = docs.nextDoc()) {
      live += liveDocs.get(doc) ? 1 : 0;
    }
    return live;
  }
}
