/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Embeddings go out: the vectors of a field, with the ids of their documents, from an index into a
 * file.
 *
 * <p>{@link org.affinity.ingest.export.FieldExport} reads a field page by page at one point in time
 * and hands each vector to an {@link org.affinity.ingest.EmbeddingWriter}; {@link
 * org.affinity.ingest.export.OutputFiles} makes files appear at once or not at all. Memory is flat:
 * one page.
 *
 * <p>May depend on {@code org.affinity.ingest}, the JDK and Jackson. Knows nothing of the command
 * line.
 */
package org.affinity.ingest.export;
