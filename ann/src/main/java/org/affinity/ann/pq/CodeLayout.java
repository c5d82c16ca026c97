/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

/** How the records of a field lie in the codes file. */
public enum CodeLayout {
  /** One behind the other: for graphs, which ask for single vectors. */
  RECORDS,
  /** Transposed in blocks of 128: for scans, which SIMD kernels make tens of times faster. */
  BLOCKS
}
