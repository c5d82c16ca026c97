/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.io.Closeable;
import java.io.IOException;

/** Takes vectors with their ids, one after another, into a file. Not thread-safe. */
public interface EmbeddingWriter extends Closeable {
  /**
   * Writes one vector.
   *
   * @param id the document's id
   * @param vector the numbers, all finite and of one dimension for all rows; not kept
   * @throws IOException if it cannot be written, or the format cannot hold the id; the message says
   *     which
   */
  void write(String id, float[] vector) throws IOException;

  /** Finishes the file: only then is it complete. */
  @Override
  void close() throws IOException;
}
