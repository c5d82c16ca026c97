/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Lucene's scalar quantization (8, 4 or 1 bit a dimension), flat and under a graph, with what it
 * lacks under cosine put right while writing. The files and the SPI names are Lucene's: plain
 * Lucene reads every segment.
 *
 * <p>May depend on {@code org.affinity.ann.pq} and lucene-core. Entry points: {@link
 * org.affinity.ann.sq.SqFlatVectorsFormat}, {@link org.affinity.ann.sq.SqHnswVectorsFormat}.
 */
package org.affinity.ann.sq;
