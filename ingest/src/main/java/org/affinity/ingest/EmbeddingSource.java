/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * What to read and how.
 *
 * @param path the file or folder with the vectors
 * @param ids the ids, where they are kept apart
 * @param idField the field, column or array that holds the id, where a form has names
 * @param vectorField the field, column or array that holds the vector, where a form has names
 * @param dimension what every vector must have, or 0: as found
 */
public record EmbeddingSource(
    Path path, Optional<Path> ids, String idField, String vectorField, int dimension) {
  /** Refuses nulls and a negative dimension. */
  public EmbeddingSource {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(ids, "ids");
    Objects.requireNonNull(idField, "idField");
    Objects.requireNonNull(vectorField, "vectorField");
    if (dimension < 0) {
      throw new IllegalArgumentException("a dimension is at least 1, not " + dimension);
    }
  }

  /** A source without an id list, with the field names {@code id} and {@code vector}. */
  public static EmbeddingSource of(Path path) {
    return new EmbeddingSource(path, Optional.empty(), "id", "vector", 0);
  }
}
