/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * A stream of rows. A row that makes no sense is a {@link Row.Rejected}; an {@link IOException}
 * means that the source itself cannot be read on.
 */
public interface EmbeddingReader extends Closeable {
  /** The next row, or nothing at the end. Numbers grow, with gaps where a format has them. */
  Optional<Row> next() throws IOException;

  /** How much of the source is read, in the unit of {@link #length()}. */
  long position();

  /** The source's size: bytes on disk for a file. */
  long length();
}
