/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** Vectors without names, one after the other. */
interface VectorRows extends Closeable {
  /** The next vector, or nothing at the end. */
  Optional<float[]> next() throws IOException;

  /** Bytes taken from the disk. */
  long position();

  /** Bytes on disk. */
  long length();
}
