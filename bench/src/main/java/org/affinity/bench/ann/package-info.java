/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The report of nearest-neighbour search: one JVM, the same vectors, the same queries and exact
 * truth for every candidate, interleaved rounds, CPU time per thread. Entry points: {@link
 * org.affinity.bench.ann.AnnCommand}, {@link org.affinity.bench.ann.CompareCommand} and {@link
 * org.affinity.bench.ann.JoinCommand}.
 *
 * <p>May depend on the formats and queries of {@code org.affinity.ann} through their public API,
 * Lucene, jvector and a chart library. Of a candidate it knows what {@link
 * org.affinity.bench.ann.BuiltIndex} says and nothing else.
 */
package org.affinity.bench.ann;
