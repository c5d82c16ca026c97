/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Lucene's HNSW graph over product-quantized vectors.
 *
 * <p>May depend on {@code org.affinity.ann.pq} and lucene-core. Entry point: {@link
 * org.affinity.ann.hnsw.AffinityHnswPqVectorsFormat}.
 *
 * <p>Paper: Y. Malkov, D. Yashunin, <i>Efficient and robust approximate nearest neighbor search
 * using Hierarchical Navigable Small World graphs</i>, IEEE TPAMI 42(4), 2020.
 */
package org.affinity.ann.hnsw;
