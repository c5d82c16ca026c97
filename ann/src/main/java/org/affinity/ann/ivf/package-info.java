/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Inverted lists with block-coded vectors: {@link org.affinity.ann.ivf.AffinityIvfPqVectorsFormat}
 * and what it is made of. A coarse quantizer ({@link org.affinity.ann.ivf.CoarseQuantizer}) cuts
 * the space into cells; each cell has a list of the product-quantized vectors in it, in blocks that
 * SIMD kernels scan; a search scans the lists nearest to its query and rescores the best estimates
 * on raw floats (IVFADC: H. Jégou, M. Douze, C. Schmid, <i>Product quantization for nearest
 * neighbor search</i>, IEEE TPAMI 33(1), 2011).
 */
package org.affinity.ann.ivf;
