/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DoubleValues;
import org.apache.lucene.search.DoubleValuesSource;
import org.apache.lucene.search.IndexSearcher;
import org.opensearch.index.fielddata.IndexNumericFieldData;
import org.opensearch.index.fielddata.SortedNumericDoubleValues;

/** A numeric field of any type as Lucene takes numbers; of several values the largest counts. */
final class NumericFieldSource extends DoubleValuesSource {

  private final String field;
  private final IndexNumericFieldData numbers;

  NumericFieldSource(String field, IndexNumericFieldData numbers) {
    this.field = field;
    this.numbers = numbers;
  }

  @Override
  public DoubleValues getValues(LeafReaderContext context, DoubleValues scores) {
    SortedNumericDoubleValues values = numbers.load(context).getDoubleValues();
    return new DoubleValues() {
      private double largest;

      @Override
      public boolean advanceExact(int doc) throws IOException {
        if (!values.advanceExact(doc)) {
          return false;
        }
        for (int i = values.docValueCount(); i > 0; i--) {
          largest = values.nextValue();
        }
        return true;
      }

      @Override
      public double doubleValue() {
        return largest;
      }
    };
  }

  @Override
  public boolean needsScores() {
    return false;
  }

  @Override
  public DoubleValuesSource rewrite(IndexSearcher searcher) {
    return this;
  }

  @Override
  public boolean isCacheable(LeafReaderContext context) {
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NumericFieldSource that && field.equals(that.field);
  }

  @Override
  public int hashCode() {
    return field.hashCode();
  }

  @Override
  public String toString() {
    return field;
  }
}
