/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.IOException;

/** Bounds of what a file may claim about its vectors before its bytes are seen. */
final class Shape {
  /** OpenSearch fields go to 16,000; a larger number is a sign of another format. */
  static final int LARGEST_DIMENSION = 1 << 16;

  private Shape() {}

  static int dimension(long claimed) throws IOException {
    if (claimed < 1 || claimed > LARGEST_DIMENSION) {
      throw new IOException(
          "it claims dimension %,d; dimensions are from 1 to %,d"
              .formatted(claimed, LARGEST_DIMENSION));
    }
    return (int) claimed;
  }
}
