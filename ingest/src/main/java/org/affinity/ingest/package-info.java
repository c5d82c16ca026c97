/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Embeddings come in: readers of what trainers write, and the loader that streams them to {@code
 * _bulk}.
 *
 * <p>An {@link org.affinity.ingest.EmbeddingReader} turns a file into {@link
 * org.affinity.ingest.Row rows}, one at a time; {@link org.affinity.ingest.ShapedRows} changes them
 * on their way; {@link org.affinity.ingest.BulkLoader} sends them and tells a {@link
 * org.affinity.ingest.LoadLedger} what the server has acknowledged. Memory is flat: a load holds a
 * few batches, whatever the size of the file.
 *
 * <p>May depend on the JDK and Jackson. Knows nothing of the command line.
 */
package org.affinity.ingest;
