/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.source;

import java.io.IOException;
import java.util.function.Function;
import org.apache.lucene.codecs.StoredFieldsFormat;
import org.apache.lucene.codecs.StoredFieldsReader;
import org.apache.lucene.codecs.StoredFieldsWriter;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.SegmentInfo;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.util.IOUtils;

/**
 * Another format's files, in which documents that come with their vectors cut out ({@link
 * CutSource}) are whole again for everyone who reads. Only merges between segments of this format
 * copy them as they are.
 */
public final class RestoringStoredFieldsFormat extends StoredFieldsFormat {

  /** The stored field whose documents are restored. */
  public static final String SOURCE = "_source";

  private final Function<SegmentInfo, StoredFieldsFormat> delegates;

  /**
   * @param delegates the format whose files a segment has
   */
  public RestoringStoredFieldsFormat(Function<SegmentInfo, StoredFieldsFormat> delegates) {
    this.delegates = delegates;
  }

  @Override
  public StoredFieldsReader fieldsReader(
      Directory directory, SegmentInfo segment, FieldInfos fields, IOContext context)
      throws IOException {
    StoredFieldsReader delegate =
        delegates.apply(segment).fieldsReader(directory, segment, fields, context);
    try {
      RawVectors vectors = RawVectors.open(directory, segment, fields, context);
      return new RestoringStoredFieldsReader(delegate, vectors);
    } catch (Throwable e) {
      IOUtils.closeWhileSuppressingExceptions(e, delegate);
      throw e;
    }
  }

  @Override
  public StoredFieldsWriter fieldsWriter(
      Directory directory, SegmentInfo segment, IOContext context) throws IOException {
    return new CopyingStoredFieldsWriter(
        delegates.apply(segment).fieldsWriter(directory, segment, context));
  }
}
