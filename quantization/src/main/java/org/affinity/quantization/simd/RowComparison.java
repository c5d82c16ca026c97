/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

/** What is made of two vectors of one length; always the same bits. */
public enum RowComparison {
  /** {@link Kernels#dot}. */
  DOT {
    @Override
    float of(Kernels kernels, float[] a, float[] b) {
      return kernels.dot(a, b);
    }
  },

  /** {@link Kernels#squareDistance}. */
  SQUARE_DISTANCE {
    @Override
    float of(Kernels kernels, float[] a, float[] b) {
      return kernels.squareDistance(a, b);
    }
  },

  /** {@link Kernels#cosine}. */
  COSINE {
    @Override
    float of(Kernels kernels, float[] a, float[] b) {
      return kernels.cosine(a, b);
    }
  };

  abstract float of(Kernels kernels, float[] a, float[] b);

  /** Compares two vectors of one length. */
  public float of(float[] a, float[] b) {
    return of(KernelSelection.best(), a, b);
  }
}
