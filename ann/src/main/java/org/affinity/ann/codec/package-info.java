/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Brings the vector formats into any codec. The codec keeps its delegate's name: a segment reopens
 * with the plain delegate, and each field's format is found by its own SPI name.
 *
 * <p>May depend on {@code org.affinity.ann.pq} and lucene-core. Entry point: {@link
 * org.affinity.ann.codec.AffinityCodec}.
 */
package org.affinity.ann.codec;
