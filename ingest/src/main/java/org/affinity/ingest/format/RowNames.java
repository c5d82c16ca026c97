/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.LoadException;

/** Names of rows, in their order, where vectors and ids are kept apart. */
interface RowNames extends Closeable {
  /** The next name, or nothing at the end. */
  Optional<RowName> next() throws IOException;

  /**
   * Opens the list of a source, or counts from 1 where it has none. Because one name too many or
   * too few gives every later vector to the wrong id, a list that has not as many names as there
   * are vectors is refused.
   */
  static RowNames open(EmbeddingSource source, RowCount vectors) throws IOException {
    if (source.ids().isEmpty()) {
      return new NumberedNames();
    }
    Path file = source.ids().get();
    if (NpyHeader.opens(SourceFile.head(file, NpyHeader.MAGIC.length))) {
      return NpyNames.open(file, source.path(), vectors.count());
    }
    requireAsMany(source.path(), vectors.count(), file, ListedNames.count(file));
    return ListedNames.open(file, source.idField());
  }

  static void requireAsMany(Path vectorFile, long vectors, Path idFile, long ids)
      throws LoadException {
    if (vectors != ids) {
      throw new LoadException(
          "%s has %,d vectors but %s has %,d ids; nothing was loaded"
              .formatted(vectorFile.getFileName(), vectors, idFile.getFileName(), ids));
    }
  }

  /** Counts the vectors of a source; may read it. */
  @FunctionalInterface
  interface RowCount {
    long count() throws IOException;
  }
}
