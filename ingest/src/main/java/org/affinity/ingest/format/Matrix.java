/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.IOException;

/**
 * Rows and columns of numbers, as a file claims them.
 *
 * @param rows how many vectors
 * @param columns their dimension
 * @param element how a number is stored
 * @param columnMajor true if columns follow each other, not rows
 */
record Matrix(long rows, int columns, ElementType element, boolean columnMajor) {
  static Matrix of(long rows, long columns, ElementType element, boolean columnMajor)
      throws IOException {
    if (rows < 0) {
      throw new IOException("it claims %,d rows".formatted(rows));
    }
    int dimension = Shape.dimension(columns);
    if (rows > Long.MAX_VALUE / ((long) dimension * element.bytes())) {
      throw new IOException("it claims %,d rows, more than any file has".formatted(rows));
    }
    return new Matrix(rows, dimension, element, columnMajor);
  }

  int rowBytes() {
    return columns * element.bytes();
  }

  long bytes() {
    return rows * rowBytes();
  }
}
