/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Ingest processors: {@code embedding}, {@code embedding_lookup}, {@code embedding_combine}, {@code
 * embedding_hash}.
 *
 * <p>Two kinds. {@link org.affinity.plugin.processor.EmbeddingProcessor} and {@link
 * org.affinity.plugin.processor.SignedHashProcessor} need the document alone. The others extend
 * {@link org.affinity.plugin.processor.FetchingProcessor}: the documents of a bulk say which stored
 * vectors they need, {@link org.affinity.plugin.processor.VectorFetch} gets them in one multi-get
 * (in pieces, if there are many), and each document takes its own. Nothing waits on a thread.
 *
 * <p>May depend on {@code org.affinity.plugin.vector}, {@code org.affinity.ann}, {@code
 * org.affinity.quantization} and OpenSearch, not on {@code org.affinity.plugin}. Entry point:
 * {@link org.affinity.plugin.processor.EmbeddingProcessors}.
 */
package org.affinity.plugin.processor;
