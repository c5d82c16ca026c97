/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Embeddings in Parquet, read page by page and written in bounded row groups.
 *
 * <p>{@link org.affinity.parquet.ParquetFormat} reads a file or a folder of parts, {@link
 * org.affinity.parquet.ParquetEmbeddingWriter} writes a file. Footers, encodings and the file
 * writer are those of Apache Parquet; pages are fetched and unpacked here, so that memory is
 * bounded by pages instead of row groups and no class of Hadoop is needed.
 *
 * <p>May depend on the JDK, {@code org.affinity.ingest}, Parquet and the codecs of its pages.
 */
package org.affinity.parquet;
