/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The hot loops of product quantization, and nothing else: codes and tables as arrays or memory
 * segments.
 *
 * <p>Entry points: {@link org.affinity.quantization.simd.KernelSelection#best()} gives the fastest
 * {@link org.affinity.quantization.simd.Kernels} of this machine; {@link
 * org.affinity.quantization.simd.BlockLayout} lays codes out for them.
 *
 * <p>Three implementations compute the same bits: scalar (any JVM from 21), 256-bit and 512-bit
 * (JDK 24 or later, started with {@code --add-modules jdk.incubator.vector}). Classes that mention
 * the Vector API are loaded only where it is there, and every loop over a kind of memory has its
 * own class, so that what the JIT compiler learnt about one kind never slows another.
 *
 * <p>Papers: F. André, A.-M. Kermarrec, N. Le Scouarnec, <i>Cache locality is not enough:
 * High-Performance Nearest Neighbor Search with Product Quantization Fast Scan</i>, PVLDB 9(4),
 * 2015; the same, <i>Quicker ADC: Unlocking the hidden potential of Product Quantization with
 * SIMD</i>, IEEE TPAMI 43(5), 2021.
 *
 * <p>May depend on the JDK only: no files, no logging, no thread locals, no mutable statics.
 */
package org.affinity.quantization.simd;
