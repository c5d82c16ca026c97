/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.codec;

import java.io.IOException;
import org.affinity.ann.source.RestoringStoredFieldsFormat;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.FilterCodec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.SegmentInfoFormat;
import org.apache.lucene.codecs.StoredFieldsFormat;
import org.apache.lucene.index.SegmentInfo;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;

/**
 * As {@link AffinityCodec}, for an index whose documents may come with their vectors cut out. Its
 * segments name {@link Affinity1Codec}, because with the delegate's name nobody would put the
 * vectors back, and the delegate in an attribute.
 */
public final class DerivedSourceCodec extends FilterCodec {

  private final KnnVectorsFormat vectors;
  private final StoredFieldsFormat storedFields;
  private final SegmentInfoFormat segmentInfos;

  public DerivedSourceCodec(Codec delegate, KnnVectorsFormat vectors) {
    super(Affinity1Codec.NAME, delegate);
    this.vectors = vectors;
    StoredFieldsFormat own = delegate.storedFieldsFormat();
    this.storedFields = new RestoringStoredFieldsFormat(segment -> own);
    this.segmentInfos = new NamingSegmentInfoFormat(delegate.getName());
  }

  @Override
  public KnnVectorsFormat knnVectorsFormat() {
    return vectors;
  }

  @Override
  public StoredFieldsFormat storedFieldsFormat() {
    return storedFields;
  }

  @Override
  public SegmentInfoFormat segmentInfoFormat() {
    return segmentInfos;
  }

  private static final class NamingSegmentInfoFormat extends SegmentInfoFormat {

    private final String delegate;

    NamingSegmentInfoFormat(String delegate) {
      this.delegate = delegate;
    }

    @Override
    public SegmentInfo read(Directory directory, String name, byte[] id, IOContext context)
        throws IOException {
      return Affinity1Codec.SEGMENT_INFOS.read(directory, name, id, context);
    }

    @Override
    public void write(Directory directory, SegmentInfo segment, IOContext context)
        throws IOException {
      segment.putAttribute(Affinity1Codec.DELEGATE, delegate);
      Affinity1Codec.SEGMENT_INFOS.write(directory, segment, context);
    }
  }
}
