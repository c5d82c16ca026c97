/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.util.Objects;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DoubleValues;
import org.apache.lucene.search.DoubleValuesSource;
import org.apache.lucene.search.IndexSearcher;
import org.opensearch.index.fielddata.IndexNumericFieldData;
import org.opensearch.index.fielddata.SortedNumericDoubleValues;
import org.opensearch.index.mapper.MappedFieldType;
import org.opensearch.index.query.QueryShardContext;
import org.opensearch.index.query.QueryShardException;

/**
 * A numeric field of any type, or dates as milliseconds, as Lucene takes numbers; of several values
 * one counts, the largest or the nearest to an origin.
 */
final class NumericFieldSource extends DoubleValuesSource {

  private final String field;
  private final IndexNumericFieldData numbers;

  /** Null for the largest. */
  private final Double origin;

  private NumericFieldSource(String field, IndexNumericFieldData numbers, Double origin) {
    this.field = field;
    this.numbers = numbers;
    this.origin = origin;
  }

  /**
   * @param option that names the field, for messages
   */
  static NumericFieldSource largest(QueryShardContext context, String option, String field) {
    return new NumericFieldSource(field, numbers(context, option, field), null);
  }

  NumericFieldSource nearestTo(double newOrigin) {
    return new NumericFieldSource(field, numbers, newOrigin);
  }

  private static IndexNumericFieldData numbers(
      QueryShardContext context, String option, String field) {
    MappedFieldType type = context.fieldMapper(field);
    if (type == null) {
      throw new QueryShardException(context, "[blend] failed to find field [" + field + "]");
    }
    if (type.hasDocValues() && context.getForField(type) instanceof IndexNumericFieldData found) {
      return found;
    }
    throw new QueryShardException(
        context,
        "["
            + option
            + "] needs a numeric field with doc values; ["
            + field
            + "] is of type ["
            + type.typeName()
            + "]");
  }

  @Override
  public DoubleValues getValues(LeafReaderContext context, DoubleValues scores) {
    SortedNumericDoubleValues values = numbers.load(context).getDoubleValues();
    return new DoubleValues() {
      private double chosen;

      @Override
      public boolean advanceExact(int doc) throws IOException {
        if (!values.advanceExact(doc)) {
          return false;
        }
        chosen = values.nextValue();
        for (int i = values.docValueCount(); i > 1; i--) {
          double next = values.nextValue(); // ascending
          if (origin == null || Math.abs(next - origin) < Math.abs(chosen - origin)) {
            chosen = next;
          }
        }
        return true;
      }

      @Override
      public double doubleValue() {
        return chosen;
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
    return other instanceof NumericFieldSource that
        && field.equals(that.field)
        && Objects.equals(origin, that.origin);
  }

  @Override
  public int hashCode() {
    return Objects.hash(field, origin);
  }

  @Override
  public String toString() {
    return field;
  }
}
