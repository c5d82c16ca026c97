/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;

/** Takes one value of a column as JSON can hold it: text, a whole number, a float or a boolean. */
@FunctionalInterface
interface ScalarValue {
  int JULIAN_DAY_OF_EPOCH = 2_440_588;

  /** The value a column reader stands at; throws with a reason where it is none. */
  Object read(ColumnReader column) throws ValueException;

  /** A value that costs its row, with the reason. */
  final class ValueException extends Exception {
    private static final long serialVersionUID = 1L;

    ValueException(String reason) {
      super(reason);
    }
  }

  /** How to take values of a type, or nothing where a document cannot hold them. */
  static Optional<ScalarValue> of(PrimitiveType type) {
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    if (logical instanceof DecimalLogicalTypeAnnotation
        || logical instanceof TimeLogicalTypeAnnotation) {
      return Optional.empty();
    }
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> Optional.of(ColumnReader::getBoolean);
      case INT32 -> Optional.of(ofInt32(logical));
      case INT64 -> Optional.of(ofInt64(logical));
      case FLOAT -> Optional.of(column -> finite(column.getFloat()));
      case DOUBLE -> Optional.of(column -> finite(column.getDouble()));
      case BINARY -> Optional.of(column -> text(column.getBinary()));
      case INT96 -> Optional.of(column -> legacyTimestamp(column.getBinary()));
      case FIXED_LEN_BYTE_ARRAY -> Optional.empty();
    };
  }

  private static ScalarValue ofInt32(LogicalTypeAnnotation logical) {
    if (logical instanceof DateLogicalTypeAnnotation) {
      return column -> LocalDate.ofEpochDay(column.getInteger()).toString();
    }
    if (isUnsigned(logical)) {
      return column -> Integer.toUnsignedLong(column.getInteger());
    }
    return column -> (long) column.getInteger();
  }

  private static ScalarValue ofInt64(LogicalTypeAnnotation logical) {
    if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
      ChronoUnit unit =
          switch (timestamp.getUnit()) {
            case MILLIS -> ChronoUnit.MILLIS;
            case MICROS -> ChronoUnit.MICROS;
            case NANOS -> ChronoUnit.NANOS;
          };
      return column -> Instant.EPOCH.plus(column.getLong(), unit).toString();
    }
    if (isUnsigned(logical)) {
      return column -> new java.math.BigInteger(Long.toUnsignedString(column.getLong()));
    }
    return ColumnReader::getLong;
  }

  private static boolean isUnsigned(LogicalTypeAnnotation logical) {
    return logical instanceof IntLogicalTypeAnnotation whole && !whole.isSigned();
  }

  private static Object finite(float value) throws ValueException {
    finite((double) value);
    return value;
  }

  private static Object finite(double value) throws ValueException {
    if (!Double.isFinite(value)) {
      throw new ValueException("is " + (Double.isNaN(value) ? "NaN" : "infinite"));
    }
    return value;
  }

  private static String text(Binary bytes) throws ValueException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.toByteBuffer()).toString();
    } catch (CharacterCodingException e) {
      throw new ValueException("is no UTF-8 text");
    }
  }

  /** Nanoseconds of the day and the Julian day, as Spark and Hive wrote timestamps. */
  private static String legacyTimestamp(Binary bytes) {
    ByteBuffer parts = ByteBuffer.wrap(bytes.getBytes()).order(ByteOrder.LITTLE_ENDIAN);
    long nanos = parts.getLong();
    long day = (long) parts.getInt() - JULIAN_DAY_OF_EPOCH;
    return Instant.EPOCH.plus(day, ChronoUnit.DAYS).plusNanos(nanos).toString();
  }
}
