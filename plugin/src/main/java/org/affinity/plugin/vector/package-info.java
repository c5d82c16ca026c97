/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Vectors as documents hold them: {@link org.affinity.plugin.vector.VectorContent} reads and checks
 * one, {@link org.affinity.plugin.vector.StoredGet} gets those of stored documents. Shared by field
 * type, queries and ingest processors.
 *
 * <p>May depend on {@code org.affinity.ann}, {@code org.affinity.quantization} and OpenSearch, not
 * on {@code org.affinity.plugin} or its other packages.
 */
package org.affinity.plugin.vector;
