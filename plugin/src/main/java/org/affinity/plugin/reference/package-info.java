/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Where a query's vector comes from, as JSON says it, and how it is fetched and made.
 *
 * <ul>
 *   <li>{@link org.affinity.plugin.reference.VectorReference}: what a query holds. {@link
 *       org.affinity.plugin.reference.ReferenceForm}: one record for each form of {@code from},
 *       which says what it needs and makes a vector of it, without I/O
 *   <li>{@link org.affinity.plugin.reference.RequestReferences}: fetches what the references of one
 *       request need, together, each once
 *   <li>{@link org.affinity.plugin.reference.ItemMean} and {@link
 *       org.affinity.plugin.reference.Interests}: the mathematics
 *   <li>{@link org.affinity.plugin.reference.AffinityExt} and {@link
 *       org.affinity.plugin.reference.ExtFilter}: what was used, in the response
 * </ul>
 *
 * <p>May depend on {@code org.affinity.plugin.vector}, {@code org.affinity.ann}, {@code
 * org.affinity.quantization} and OpenSearch.
 */
package org.affinity.plugin.reference;
