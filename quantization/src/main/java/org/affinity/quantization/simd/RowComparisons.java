/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link RowComparison} of a query and rows off the heap: in the lanes of {@link ScalarPairs}. Rows
 * are touched before they are compared, so that their cache misses overlap. Each method casts its
 * segment as {@link NativeSegments} explains; callers have checked the bounds.
 */
final class RowComparisons {

  private static final VectorSpecies<Float> FLOATS = VectorPairs.FLOATS;
  private static final int WIDTH = FLOATS.length();
  private static final int HALF = VectorPairs.HALVES.length();
  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE);

  private static final int LINE = 64;

  /** Bytes touched ahead at most, unless one row alone has more: half of a small first cache. */
  private static final int AHEAD = 16 << 10;

  private RowComparisons() {}

  static void compare(
      RowComparison what,
      float[] query,
      MemorySegment rows,
      int[] numbers,
      int count,
      float[] out) {
    int bytes = query.length * Float.BYTES;
    int ahead = Math.max(1, AHEAD / bytes);
    double squaredNorm = what == RowComparison.COSINE ? ScalarPairs.doubleDot(query, query) : 0;
    for (int from = 0; from < count; from += ahead) {
      int end = Math.min(count, from + ahead);
      for (int i = from; i < end; i++) {
        // A result, if only for a moment: a load that gives none would be removed.
        out[i] = touch(rows, (long) numbers[i] * bytes, bytes);
      }
      for (int i = from; i < end; i++) {
        long at = (long) numbers[i] * bytes;
        out[i] =
            switch (what) {
              case DOT -> dot(query, rows, at);
              case SQUARE_DISTANCE -> squareDistance(query, rows, at);
              case COSINE -> cosine(query, squaredNorm, rows, at);
            };
      }
    }
  }

  private static float touch(MemorySegment segment, long at, int bytes) {
    MemorySegment rows = NativeSegments.cast(segment);
    float sum = 0;
    for (int i = 0; i < bytes; i += LINE) {
      sum += rows.get(FLOAT, at + i);
    }
    return sum;
  }

  private static float dot(float[] query, MemorySegment segment, long at) {
    MemorySegment rows = NativeSegments.cast(segment);
    int end = query.length - query.length % ScalarPairs.FLOATS;
    FloatVector low = FloatVector.zero(FLOATS);
    FloatVector high = low;
    for (int i = 0; i < end; i += ScalarPairs.FLOATS) {
      FloatVector row = floats(rows, at, i);
      FloatVector highRow = floats(rows, at, i + WIDTH);
      low = low.add(FloatVector.fromArray(FLOATS, query, i).mul(row));
      high = high.add(FloatVector.fromArray(FLOATS, query, i + WIDTH).mul(highRow));
    }
    float rest = 0;
    for (int i = end; i < query.length; i++) {
      rest += query[i] * rows.get(FLOAT, at + (long) Float.BYTES * i);
    }
    return (VectorPairs.eight(low) + VectorPairs.eight(high)) + rest;
  }

  private static float squareDistance(float[] query, MemorySegment segment, long at) {
    MemorySegment rows = NativeSegments.cast(segment);
    int end = query.length - query.length % ScalarPairs.FLOATS;
    FloatVector low = FloatVector.zero(FLOATS);
    FloatVector high = low;
    for (int i = 0; i < end; i += ScalarPairs.FLOATS) {
      FloatVector d = FloatVector.fromArray(FLOATS, query, i).sub(floats(rows, at, i));
      FloatVector e =
          FloatVector.fromArray(FLOATS, query, i + WIDTH).sub(floats(rows, at, i + WIDTH));
      low = low.add(d.mul(d));
      high = high.add(e.mul(e));
    }
    float rest = 0;
    for (int i = end; i < query.length; i++) {
      float d = query[i] - rows.get(FLOAT, at + (long) Float.BYTES * i);
      rest += d * d;
    }
    return (VectorPairs.eight(low) + VectorPairs.eight(high)) + rest;
  }

  private static FloatVector floats(MemorySegment rows, long at, int i) {
    return FloatVector.fromMemorySegment(FLOATS, rows, at + (long) Float.BYTES * i, LITTLE);
  }

  private static float cosine(float[] query, double norm, MemorySegment segment, long at) {
    MemorySegment rows = NativeSegments.cast(segment);
    int end = query.length - query.length % ScalarPairs.DOUBLES;
    DoubleVector products = DoubleVector.zero(VectorPairs.DOUBLES);
    DoubleVector highProducts = products;
    DoubleVector squares = products;
    DoubleVector highSquares = products;
    for (int i = 0; i < end; i += ScalarPairs.DOUBLES) {
      DoubleVector row = doubles(rows, at, i);
      DoubleVector highRow = doubles(rows, at, i + HALF);
      products = products.add(VectorPairs.doubles(query, i).mul(row));
      highProducts = highProducts.add(VectorPairs.doubles(query, i + HALF).mul(highRow));
      squares = squares.add(row.mul(row));
      highSquares = highSquares.add(highRow.mul(highRow));
    }
    double restOfProducts = 0;
    double restOfSquares = 0;
    for (int i = end; i < query.length; i++) {
      double value = rows.get(FLOAT, at + (long) Float.BYTES * i);
      restOfProducts += query[i] * value;
      restOfSquares += value * value;
    }
    return ScalarPairs.cosine(
        (VectorPairs.four(products) + VectorPairs.four(highProducts)) + restOfProducts,
        norm,
        (VectorPairs.four(squares) + VectorPairs.four(highSquares)) + restOfSquares);
  }

  private static DoubleVector doubles(MemorySegment rows, long at, int i) {
    return VectorPairs.doubles(
        FloatVector.fromMemorySegment(
            VectorPairs.HALVES, rows, at + (long) Float.BYTES * i, LITTLE));
  }
}
