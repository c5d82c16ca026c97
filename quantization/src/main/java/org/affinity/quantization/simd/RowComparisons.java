/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link RowComparison} of a query and rows off the heap: a lane for each of its sums. Rows are
 * touched before they are compared, so that their cache misses overlap. Each method casts its
 * segment as {@link NativeSegments} explains; callers have checked the bounds.
 */
final class RowComparisons {

  private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
  private static final VectorSpecies<Float> EIGHT = FloatVector.SPECIES_256;
  private static final VectorSpecies<Double> FOUR_DOUBLES = DoubleVector.SPECIES_256;
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
    double squaredNorm = what == RowComparison.COSINE ? RowComparison.product(query, query) : 0;
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
    FloatVector sum = FloatVector.zero(EIGHT);
    int i = 0;
    for (; i <= query.length - 8; i += 8) {
      FloatVector row = FloatVector.fromMemorySegment(EIGHT, rows, at + 4L * i, LITTLE);
      sum = sum.add(FloatVector.fromArray(EIGHT, query, i).mul(row));
    }
    float rest = 0;
    for (; i < query.length; i++) {
      rest += query[i] * rows.get(FLOAT, at + 4L * i);
    }
    return (sum.lane(0) + sum.lane(4))
        + (sum.lane(1) + sum.lane(5))
        + ((sum.lane(2) + sum.lane(6)) + (sum.lane(3) + sum.lane(7)))
        + rest;
  }

  private static float squareDistance(float[] query, MemorySegment segment, long at) {
    MemorySegment rows = NativeSegments.cast(segment);
    FloatVector sum = FloatVector.zero(FOUR);
    int i = 0;
    for (; i <= query.length - 4; i += 4) {
      FloatVector row = FloatVector.fromMemorySegment(FOUR, rows, at + 4L * i, LITTLE);
      FloatVector d = FloatVector.fromArray(FOUR, query, i).sub(row);
      sum = sum.add(d.mul(d));
    }
    float rest = 0;
    for (; i < query.length; i++) {
      float d = query[i] - rows.get(FLOAT, at + 4L * i);
      rest += d * d;
    }
    return (sum.lane(0) + sum.lane(2)) + (sum.lane(1) + sum.lane(3)) + rest;
  }

  private static float cosine(float[] query, double norm, MemorySegment segment, long at) {
    MemorySegment rows = NativeSegments.cast(segment);
    DoubleVector products0 = DoubleVector.zero(FOUR_DOUBLES);
    DoubleVector products1 = products0;
    DoubleVector squares0 = products0;
    DoubleVector squares1 = products0;
    int i = 0;
    for (; i <= query.length - 8; i += 8) {
      DoubleVector row0 = doubles(FloatVector.fromMemorySegment(FOUR, rows, at + 4L * i, LITTLE));
      DoubleVector row1 =
          doubles(FloatVector.fromMemorySegment(FOUR, rows, at + 4L * i + 16, LITTLE));
      products0 = products0.add(doubles(FloatVector.fromArray(FOUR, query, i)).mul(row0));
      products1 = products1.add(doubles(FloatVector.fromArray(FOUR, query, i + 4)).mul(row1));
      squares0 = squares0.add(row0.mul(row0));
      squares1 = squares1.add(row1.mul(row1));
    }
    double restOfProducts = 0;
    double restOfSquares = 0;
    for (; i < query.length; i++) {
      double value = rows.get(FLOAT, at + 4L * i);
      restOfProducts += query[i] * value;
      restOfSquares += value * value;
    }
    return RowComparison.cosine(
        tree(products0.add(products1)) + restOfProducts,
        norm,
        tree(squares0.add(squares1)) + restOfSquares);
  }

  private static DoubleVector doubles(FloatVector floats) {
    return (DoubleVector) floats.convertShape(VectorOperators.F2D, FOUR_DOUBLES, 0);
  }

  private static double tree(DoubleVector sums) {
    return sums.lane(0) + sums.lane(1) + (sums.lane(2) + sums.lane(3));
  }
}
