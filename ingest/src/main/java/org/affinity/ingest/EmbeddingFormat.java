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

  /**
   * Tells by content, never by name, whether a file or folder has this form.
   *
   * @param path a file or folder that exists
   * @return false if unsure
   * @throws IOException if it cannot be read
   */
  boolean recognizes(Path path) throws IOException;

  /**
   * Opens a source.
   *
   * @param source what to read and how
   * @return a reader before its first row, which the caller closes
   * @throws IOException if it cannot be opened or is none of this form; the message names the file
   * @throws IllegalArgumentException if the form does not take what it is given, such as an id list
   */
  EmbeddingReader open(EmbeddingSource source) throws IOException;

  /** Files whose identity a resumed load must find again: vectors first, then the ids if given. */
  default List<Path> files(EmbeddingSource source) throws IOException {
    List<Path> files = new ArrayList<>(List.of(source.path()));
    source.ids().ifPresent(files::add);
    return files;
  }
}
