/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Product quantization as functions of arrays: codebooks, codes and query-bound distance tables.
 *
 * <p>Entry points: {@link org.affinity.quantization.ProductQuantizerTrainer} makes an immutable
 * {@link org.affinity.quantization.ProductQuantizer} from a sample; the quantizer encodes, decodes
 * and binds queries to a {@link org.affinity.quantization.DistanceTable}. The same sample and seed
 * give the same codebook on every machine.
 *
 * <p>May depend on the JDK only: no files, no logging, no thread locals, no mutable statics.
 *
 * <p>Paper: H. Jégou, M. Douze, C. Schmid, <i>Product Quantization for Nearest Neighbor Search</i>,
 * IEEE TPAMI 33(1), 2011. Words of the paper and words here: <i>sub-quantizer</i> = subspace,
 * <i>k*</i> = {@link org.affinity.quantization.ProductQuantizer#CENTROIDS}, <i>asymmetric distance
 * computation (ADC)</i> = {@link org.affinity.quantization.DistanceTable}.
 */
package org.affinity.quantization;
