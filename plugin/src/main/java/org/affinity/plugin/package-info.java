/* SPDX-License-Identifier: Apache-2.0 */
/**
 * OpenSearch's side: mapping, JSON, wiring. Wraps what {@code org.affinity.ann} does into a field
 * type and two queries.
 *
 * <ul>
 *   <li>{@link org.affinity.plugin.AffinityPlugin}: the table of contents
 *   <li>{@link org.affinity.plugin.EmbeddingFieldMapper}, {@link
 *       org.affinity.plugin.EmbeddingFieldType}, {@link org.affinity.plugin.IndexMethod}: the field
 *       type {@code embedding}
 *   <li>{@link org.affinity.plugin.AffinityCodecService}: the vector formats, in any codec
 *   <li>{@link org.affinity.plugin.NearestQueryBuilder}, {@link
 *       org.affinity.plugin.BlendQueryBuilder}: the queries
 *   <li>below it: {@code reference}, where a query's vector comes from; {@code vector}, what all
 *       read vectors with; {@code processor}, ingest; {@code admin}
 * </ul>
 */
package org.affinity.plugin;
