/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of multiples of rows: columns in lanes, four registers of them at a time, which keep their
 * sums while all rows pass. Every column adds in the order of the rows. Callers have checked the
 * bounds.
 */
final class RowProducts {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = FLOATS.length();

  private RowProducts() {}

  static void add(
      float[] x,
      int xOffset,
      int count,
      float[] rows,
      int rowsOffset,
      int width,
      float[] sums,
      int sumsOffset) {
    int c = 0;
    for (; c <= width - 4 * LANES; c += 4 * LANES) {
      addFour(x, xOffset, count, rows, rowsOffset + c, width, sums, sumsOffset + c);
    }
    for (; c <= width - LANES; c += LANES) {
      addOne(x, xOffset, count, rows, rowsOffset + c, width, sums, sumsOffset + c);
    }
    for (; c < width; c++) {
      float sum = sums[sumsOffset + c];
      for (int d = 0; d < count; d++) {
        sum += x[xOffset + d] * rows[rowsOffset + d * width + c];
      }
      sums[sumsOffset + c] = sum;
    }
  }

  private static void addFour(
      float[] x, int xOffset, int count, float[] rows, int at, int width, float[] sums, int to) {
    FloatVector sum0 = FloatVector.fromArray(FLOATS, sums, to);
    FloatVector sum1 = FloatVector.fromArray(FLOATS, sums, to + LANES);
    FloatVector sum2 = FloatVector.fromArray(FLOATS, sums, to + 2 * LANES);
    FloatVector sum3 = FloatVector.fromArray(FLOATS, sums, to + 3 * LANES);
    for (int d = 0, row = at; d < count; d++, row += width) {
      FloatVector factor = FloatVector.broadcast(FLOATS, x[xOffset + d]);
      sum0 = sum0.add(FloatVector.fromArray(FLOATS, rows, row).mul(factor));
      sum1 = sum1.add(FloatVector.fromArray(FLOATS, rows, row + LANES).mul(factor));
      sum2 = sum2.add(FloatVector.fromArray(FLOATS, rows, row + 2 * LANES).mul(factor));
      sum3 = sum3.add(FloatVector.fromArray(FLOATS, rows, row + 3 * LANES).mul(factor));
    }
    sum0.intoArray(sums, to);
    sum1.intoArray(sums, to + LANES);
    sum2.intoArray(sums, to + 2 * LANES);
    sum3.intoArray(sums, to + 3 * LANES);
  }

  private static void addOne(
      float[] x, int xOffset, int count, float[] rows, int at, int width, float[] sums, int to) {
    FloatVector sum = FloatVector.fromArray(FLOATS, sums, to);
    for (int d = 0, row = at; d < count; d++, row += width) {
      sum = sum.add(FloatVector.fromArray(FLOATS, rows, row).mul(x[xOffset + d]));
    }
    sum.intoArray(sums, to);
  }
}
