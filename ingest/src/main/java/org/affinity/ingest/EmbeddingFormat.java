/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One form in which embeddings are stored. Stateless, safe for any thread. */
public interface EmbeddingFormat {
  /** The short name, as used on the command line. */
  String label();

  /** True if a file or folder is of this form: told by its content, never by its name. */
  boolean recognizes(Path path) throws IOException;

  /**
   * Opens a source.
   *
   * @param source what to read and how
   * @return a reader before its first row
   * @throws IOException if it cannot be read, with why
   */
  EmbeddingReader open(EmbeddingSource source) throws IOException;

  /** The files whose identity a resumed load must find again. */
  default List<Path> files(EmbeddingSource source) throws IOException {
    List<Path> files = new ArrayList<>(List.of(source.path()));
    source.ids().ifPresent(files::add);
    return files;
  }
}
