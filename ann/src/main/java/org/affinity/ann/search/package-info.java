/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Lucene queries over embeddings: the nearest neighbours of a vector, and keyword relevance blended
 * with affinities and priors.
 *
 * <p>Whatever path finds a document, its final score comes from one place: {@link
 * org.affinity.ann.search.VectorSpace} on the raw floats. So a document has one score, exact or
 * approximate search, small or merged segment, one shard or many.
 *
 * <p>May depend on lucene-core and {@code org.affinity.quantization}. Entry points: {@link
 * org.affinity.ann.search.NearestQuery}, {@link org.affinity.ann.search.WithinQuery}, {@link
 * org.affinity.ann.search.BlendQuery}.
 */
package org.affinity.ann.search;
