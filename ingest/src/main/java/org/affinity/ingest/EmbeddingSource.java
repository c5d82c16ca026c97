/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What to read and how.
 *
 * @param path a file or a folder
 * @param ids the file with the ids, where a format keeps them apart
 * @param idField the field or column with the id; empty: not told
 * @param vectorField the field or column with the vector; empty: not told
 * @param dimension what every vector must have, or 0: as found
 */
public record EmbeddingSource(
    Path path, Optional<Path> ids, String idField, String vectorField, int dimension) {}
