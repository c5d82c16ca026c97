/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Readers of the forms in which trainers write embeddings, and how each is told by its content.
 *
 * <p>Every form is an {@link org.affinity.ingest.EmbeddingFormat}, offered as a service under
 * {@code META-INF/services} in the order in which the forms are tried. {@link
 * org.affinity.ingest.format.SourceFile} unpacks gzip and zstd on the way; what is read is
 * streamed, and no number that a file states is believed before as many bytes are there: memory
 * stays flat.
 *
 * <p>May depend on {@code org.affinity.ingest}, the JDK, Jackson and zstd-jni.
 */
package org.affinity.ingest.format;
