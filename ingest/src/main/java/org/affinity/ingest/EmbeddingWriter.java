/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.io.Closeable;
import java.io.IOException;

/** Writes embeddings to a file. */
public interface EmbeddingWriter extends Closeable {
  /** Writes one row; the vector is not kept. */
  void write(String id, float[] vector) throws IOException;
}
