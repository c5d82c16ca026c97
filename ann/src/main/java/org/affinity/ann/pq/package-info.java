/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Product-quantized vectors as a Lucene flat format: one code per vector beside Lucene's raw
 * floats. Graphs compose with it (see {@code org.affinity.ann.hnsw}); alone it is the exhaustive
 * scan of codes.
 *
 * <p>Files of a field in a segment:
 *
 * <ul>
 *   <li>{@code .vec}, {@code .vemf}: raw floats and the map from ordinal to document, written by
 *       Lucene's {@code Lucene99FlatVectorsFormat}, untouched
 *   <li>{@code .pqm}: meta, read whole at open
 *   <li>{@code .pqb}: codebooks, loaded to the heap
 *   <li>{@code .pqc}: codes by ordinal, never on the heap
 * </ul>
 *
 * <p>May depend on {@code org.affinity.quantization} and lucene-core. Entry point: {@link
 * org.affinity.ann.pq.PqFlatVectorsFormat}, whose Javadoc holds the byte layout.
 */
package org.affinity.ann.pq;
