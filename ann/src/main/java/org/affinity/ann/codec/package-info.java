/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Brings the vector formats into any codec. {@link org.affinity.ann.codec.AffinityCodec} keeps its
 * delegate's name: a segment reopens with the plain delegate. {@link
 * org.affinity.ann.codec.DerivedSourceCodec} also lets documents be stored without their vectors;
 * its segments reopen with {@link org.affinity.ann.codec.Affinity1Codec}, which finds the delegate
 * in each. In both, each field's format is found by its own SPI name.
 *
 * <p>May depend on {@code org.affinity.ann.pq}, {@code org.affinity.ann.source} and lucene-core.
 */
package org.affinity.ann.codec;
