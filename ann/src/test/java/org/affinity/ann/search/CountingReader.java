/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FilterDirectoryReader;
import org.apache.lucene.index.FilterLeafReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReader;

/** Counts the vectors that are read. */
final class CountingReader extends FilterDirectoryReader {

  private final AtomicLong read;

  CountingReader(DirectoryReader reader) throws IOException {
    this(reader, new AtomicLong());
  }

  private CountingReader(DirectoryReader reader, AtomicLong read) throws IOException {
    super(
        reader,
        new SubReaderWrapper() {
          @Override
          public LeafReader wrap(LeafReader leaf) {
            return new CountingLeaf(leaf, read);
          }
        });
    this.read = read;
  }

  long vectorsRead() {
    return read.get();
  }

  @Override
  protected DirectoryReader doWrapDirectoryReader(DirectoryReader reader) throws IOException {
    return new CountingReader(reader, read);
  }

  @Override
  public CacheHelper getReaderCacheHelper() {
    return null;
  }

  private static final class CountingLeaf extends FilterLeafReader {

    private final AtomicLong read;

    CountingLeaf(LeafReader leaf, AtomicLong read) {
      super(leaf);
      this.read = read;
    }

    @Override
    public FloatVectorValues getFloatVectorValues(String field) throws IOException {
      FloatVectorValues values = in.getFloatVectorValues(field);
      return values == null ? null : new CountingValues(values, read);
    }

    @Override
    public CacheHelper getCoreCacheHelper() {
      return null;
    }

    @Override
    public CacheHelper getReaderCacheHelper() {
      return null;
    }
  }

  private static final class CountingValues extends FloatVectorValues {

    private final FloatVectorValues values;
    private final AtomicLong read;

    CountingValues(FloatVectorValues values, AtomicLong read) {
      this.values = values;
      this.read = read;
    }

    @Override
    public float[] vectorValue(int ord) throws IOException {
      read.incrementAndGet();
      return values.vectorValue(ord);
    }

    @Override
    public FloatVectorValues copy() throws IOException {
      return new CountingValues(values.copy(), read);
    }

    @Override
    public int dimension() {
      return values.dimension();
    }

    @Override
    public int size() {
      return values.size();
    }

    @Override
    public int ordToDoc(int ord) {
      return values.ordToDoc(ord);
    }

    @Override
    public DocIndexIterator iterator() {
      return values.iterator();
    }
  }
}
