/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Product quantization as functions of arrays: codebooks, codes and query-bound distance tables.
 *
 * <p>Entry points: {@link org.affinity.quantization.ProductQuantizerTrainer} makes an immutable
 * {@link org.affinity.quantization.ProductQuantizer} from a sample and chooses its {@link
 * org.affinity.quantization.Estimator}; a {@link org.affinity.quantization.VectorEncoder} turns
 * vectors into records; {@code bind} turns a query into a {@link
 * org.affinity.quantization.DistanceTable}, and that into a {@link
 * org.affinity.quantization.ByteTable} for the block kernels of {@code simd}. The same sample and
 * seed give the same quantizer on every machine.
 *
 * <p>May depend on the JDK only: no files, no logging, no thread locals, no mutable statics. The
 * Vector API is used in {@code simd} alone.
 *
 * <p>Paper: H. Jégou, M. Douze, C. Schmid, <i>Product Quantization for Nearest Neighbor Search</i>,
 * IEEE TPAMI 33(1), 2011. Words of the paper and words here: <i>sub-quantizer</i> = subspace,
 * <i>k*</i> = {@link org.affinity.quantization.PqParameters#centroids}, <i>asymmetric distance
 * computation (ADC)</i> = {@link org.affinity.quantization.DistanceTable}.
 */
package org.affinity.quantization;
