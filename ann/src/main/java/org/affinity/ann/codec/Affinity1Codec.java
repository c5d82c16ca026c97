/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.codec;

import java.io.IOException;
import java.util.Collection;
import org.affinity.ann.source.RestoringStoredFieldsFormat;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.CompoundDirectory;
import org.apache.lucene.codecs.CompoundFormat;
import org.apache.lucene.codecs.DocValuesConsumer;
import org.apache.lucene.codecs.DocValuesFormat;
import org.apache.lucene.codecs.DocValuesProducer;
import org.apache.lucene.codecs.FieldInfosFormat;
import org.apache.lucene.codecs.FieldsConsumer;
import org.apache.lucene.codecs.FieldsProducer;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.LiveDocsFormat;
import org.apache.lucene.codecs.NormsConsumer;
import org.apache.lucene.codecs.NormsFormat;
import org.apache.lucene.codecs.NormsProducer;
import org.apache.lucene.codecs.PointsFormat;
import org.apache.lucene.codecs.PointsReader;
import org.apache.lucene.codecs.PointsWriter;
import org.apache.lucene.codecs.PostingsFormat;
import org.apache.lucene.codecs.SegmentInfoFormat;
import org.apache.lucene.codecs.StoredFieldsFormat;
import org.apache.lucene.codecs.TermVectorsFormat;
import org.apache.lucene.codecs.TermVectorsReader;
import org.apache.lucene.codecs.TermVectorsWriter;
import org.apache.lucene.codecs.lucene99.Lucene99SegmentInfoFormat;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.SegmentCommitInfo;
import org.apache.lucene.index.SegmentInfo;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.util.Bits;

/**
 * The codec of segments that {@link DerivedSourceCodec} wrote: another codec's, which each segment
 * names, but for two formats. Stored fields are read through {@link RestoringStoredFieldsFormat},
 * and the segment's own file is always {@link Lucene99SegmentInfoFormat}'s, because the name is in
 * it. New segments cannot be begun with it.
 */
public final class Affinity1Codec extends Codec {

  /** The name in segments; no value for {@code index.codec}. */
  public static final String NAME = "Affinity1";

  /** The attribute of a segment that holds the name of the other codec. */
  static final String DELEGATE = "Affinity1.delegate";

  static final SegmentInfoFormat SEGMENT_INFOS = new Lucene99SegmentInfoFormat();

  private final StoredFieldsFormat storedFields =
      new RestoringStoredFieldsFormat(segment -> delegate(segment).storedFieldsFormat());

  /** For Lucene, which finds the class by its name. */
  public Affinity1Codec() {
    super(NAME);
  }

  private static Codec delegate(SegmentInfo segment) {
    String name = segment.getAttribute(DELEGATE);
    if (name == null) {
      throw new IllegalStateException(
          "segment [" + segment.name + "] does not say whose files it has: [" + DELEGATE + "]");
    }
    return Codec.forName(name);
  }

  @Override
  public StoredFieldsFormat storedFieldsFormat() {
    return storedFields;
  }

  @Override
  public SegmentInfoFormat segmentInfoFormat() {
    return SEGMENT_INFOS;
  }

  @Override
  public PostingsFormat postingsFormat() {
    return new PostingsFormat(NAME) {
      @Override
      public FieldsConsumer fieldsConsumer(SegmentWriteState state) throws IOException {
        return delegate(state.segmentInfo).postingsFormat().fieldsConsumer(state);
      }

      @Override
      public FieldsProducer fieldsProducer(SegmentReadState state) throws IOException {
        return delegate(state.segmentInfo).postingsFormat().fieldsProducer(state);
      }
    };
  }

  @Override
  public DocValuesFormat docValuesFormat() {
    return new DocValuesFormat(NAME) {
      @Override
      public DocValuesConsumer fieldsConsumer(SegmentWriteState state) throws IOException {
        return delegate(state.segmentInfo).docValuesFormat().fieldsConsumer(state);
      }

      @Override
      public DocValuesProducer fieldsProducer(SegmentReadState state) throws IOException {
        return delegate(state.segmentInfo).docValuesFormat().fieldsProducer(state);
      }
    };
  }

  @Override
  public TermVectorsFormat termVectorsFormat() {
    return new TermVectorsFormat() {
      @Override
      public TermVectorsReader vectorsReader(
          Directory directory, SegmentInfo segment, FieldInfos fields, IOContext context)
          throws IOException {
        return delegate(segment)
            .termVectorsFormat()
            .vectorsReader(directory, segment, fields, context);
      }

      @Override
      public TermVectorsWriter vectorsWriter(
          Directory directory, SegmentInfo segment, IOContext context) throws IOException {
        return delegate(segment).termVectorsFormat().vectorsWriter(directory, segment, context);
      }
    };
  }

  @Override
  public FieldInfosFormat fieldInfosFormat() {
    return new FieldInfosFormat() {
      @Override
      public FieldInfos read(
          Directory directory, SegmentInfo segment, String suffix, IOContext context)
          throws IOException {
        return delegate(segment).fieldInfosFormat().read(directory, segment, suffix, context);
      }

      @Override
      public void write(
          Directory directory,
          SegmentInfo segment,
          String suffix,
          FieldInfos fields,
          IOContext context)
          throws IOException {
        delegate(segment).fieldInfosFormat().write(directory, segment, suffix, fields, context);
      }
    };
  }

  @Override
  public NormsFormat normsFormat() {
    return new NormsFormat() {
      @Override
      public NormsConsumer normsConsumer(SegmentWriteState state) throws IOException {
        return delegate(state.segmentInfo).normsFormat().normsConsumer(state);
      }

      @Override
      public NormsProducer normsProducer(SegmentReadState state) throws IOException {
        return delegate(state.segmentInfo).normsFormat().normsProducer(state);
      }
    };
  }

  @Override
  public LiveDocsFormat liveDocsFormat() {
    return new LiveDocsFormat() {
      @Override
      public Bits readLiveDocs(Directory directory, SegmentCommitInfo segment, IOContext context)
          throws IOException {
        return delegate(segment.info).liveDocsFormat().readLiveDocs(directory, segment, context);
      }

      @Override
      public void writeLiveDocs(
          Bits bits,
          Directory directory,
          SegmentCommitInfo segment,
          int newDeletes,
          IOContext context)
          throws IOException {
        delegate(segment.info)
            .liveDocsFormat()
            .writeLiveDocs(bits, directory, segment, newDeletes, context);
      }

      @Override
      public void files(SegmentCommitInfo segment, Collection<String> files) throws IOException {
        delegate(segment.info).liveDocsFormat().files(segment, files);
      }
    };
  }

  @Override
  public CompoundFormat compoundFormat() {
    return new CompoundFormat() {
      @Override
      public CompoundDirectory getCompoundReader(Directory directory, SegmentInfo segment)
          throws IOException {
        return delegate(segment).compoundFormat().getCompoundReader(directory, segment);
      }

      @Override
      public void write(Directory directory, SegmentInfo segment, IOContext context)
          throws IOException {
        delegate(segment).compoundFormat().write(directory, segment, context);
      }
    };
  }

  @Override
  public PointsFormat pointsFormat() {
    return new PointsFormat() {
      @Override
      public PointsWriter fieldsWriter(SegmentWriteState state) throws IOException {
        return delegate(state.segmentInfo).pointsFormat().fieldsWriter(state);
      }

      @Override
      public PointsReader fieldsReader(SegmentReadState state) throws IOException {
        return delegate(state.segmentInfo).pointsFormat().fieldsReader(state);
      }
    };
  }

  @Override
  public KnnVectorsFormat knnVectorsFormat() {
    return new KnnVectorsFormat(NAME) {
      @Override
      public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
        return delegate(state.segmentInfo).knnVectorsFormat().fieldsWriter(state);
      }

      @Override
      public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
        return delegate(state.segmentInfo).knnVectorsFormat().fieldsReader(state);
      }

      @Override
      public int getMaxDimensions(String field) {
        return DEFAULT_MAX_DIMENSIONS;
      }
    };
  }
}
