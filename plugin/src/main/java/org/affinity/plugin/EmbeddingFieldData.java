/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.SortField;
import org.apache.lucene.util.BytesRef;
import org.opensearch.common.util.BigArrays;
import org.opensearch.index.fielddata.IndexFieldData;
import org.opensearch.index.fielddata.LeafFieldData;
import org.opensearch.index.fielddata.ScriptDocValues;
import org.opensearch.index.fielddata.SortedBinaryDocValues;
import org.opensearch.index.mapper.DocValueFetcher;
import org.opensearch.search.DocValueFormat;
import org.opensearch.search.MultiValueMode;
import org.opensearch.search.aggregations.support.ValuesSourceType;
import org.opensearch.search.sort.BucketedSort;
import org.opensearch.search.sort.SortOrder;

/**
 * The vectors of a field for {@code docvalue_fields}, from the segments' raw floats: every number a
 * value, or one of base64. For nothing else: sorting, aggregations and scripts are refused.
 */
record EmbeddingFieldData(String field) implements IndexFieldData<EmbeddingFieldData.Leaf> {

  private IllegalArgumentException refuse(String what) {
    return new IllegalArgumentException(
        "field [" + field + "] of type [embedding] holds vectors, which " + what);
  }

  @Override
  public String getFieldName() {
    return field;
  }

  @Override
  public ValuesSourceType getValuesSourceType() {
    throw refuse("cannot be aggregated");
  }

  @Override
  public SortField sortField(
      Object missing, MultiValueMode mode, XFieldComparatorSource.Nested nested, boolean reverse) {
    throw refuse("have no order to sort by");
  }

  @Override
  public BucketedSort newBucketedSort(
      BigArrays arrays,
      Object missing,
      MultiValueMode mode,
      XFieldComparatorSource.Nested nested,
      SortOrder order,
      DocValueFormat format,
      int size,
      BucketedSort.ExtraData extra) {
    throw refuse("have no order to sort by");
  }

  @Override
  public Leaf load(LeafReaderContext context) {
    return new Leaf(context.reader());
  }

  @Override
  public Leaf loadDirect(LeafReaderContext context) {
    return load(context);
  }

  /** The vectors of a segment. */
  final class Leaf implements LeafFieldData {

    private final LeafReader reader;

    private Leaf(LeafReader reader) {
      this.reader = reader;
    }

    @Override
    public DocValueFetcher.Leaf getLeafValueFetcher(DocValueFormat format) {
      return new Fetcher(format == DocValueFormat.BINARY);
    }

    @Override
    public ScriptDocValues<?> getScriptValues() {
      throw refuse("scripts cannot read by [doc]; take them from [params._source]");
    }

    @Override
    public SortedBinaryDocValues getBytesValues() {
      throw refuse("cannot be aggregated");
    }

    @Override
    public long ramBytesUsed() {
      return 0;
    }

    @Override
    public void close() {}

    private final class Fetcher implements DocValueFetcher.Leaf {

      private final boolean base64;
      private FloatVectorValues values;
      private DocIndexIterator iterator;
      private float[] vector;
      private int next;

      Fetcher(boolean base64) {
        this.base64 = base64;
      }

      @Override
      public boolean advanceExact(int doc) throws IOException {
        if (iterator == null || iterator.docID() > doc) {
          // Sparse values have one iterator, and it does not go back.
          values = visible() ? reader.getFloatVectorValues(field) : null;
          if (values == null) {
            return false;
          }
          iterator = values.iterator();
        }
        if (iterator.docID() != doc && iterator.advance(doc) != doc) {
          return false;
        }
        vector = values.vectorValue(iterator.index());
        next = 0;
        return true;
      }

      /** A reader that hides fields, for field-level security, may filter only their infos. */
      private boolean visible() {
        return reader.getFieldInfos().fieldInfo(field) != null;
      }

      @Override
      public int docValueCount() {
        return base64 ? 1 : vector.length;
      }

      @Override
      public Object nextValue() {
        if (!base64) {
          return vector[next++];
        }
        ByteBuffer bytes =
            ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return DocValueFormat.BINARY.format(new BytesRef(bytes.array()));
      }
    }
  }
}
