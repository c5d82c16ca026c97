/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

/**
 * Eigenvalues and eigenvectors of a real symmetric matrix: Householder reduction to tridiagonal
 * form, then QL steps with implicit shifts (Golub and Van Loan, <i>Matrix Computations</i>, §8.3;
 * the algorithms of EISPACK's tred2 and tql2). O(n³); the eigenvectors are orthogonal to working
 * precision whatever the rank.
 *
 * <p>Rows hold vectors throughout, so that every inner loop runs over contiguous memory.
 */
final class SymmetricEigen {

  private static final int MAXIMUM_STEPS = 60;

  private final int n;

  /** Diagonal of the tridiagonal form, the eigenvalues at the end. */
  private final double[] diagonal;

  /** Below the diagonal: {@code offDiagonal[i]} stands between i and i + 1. */
  private final double[] offDiagonal;

  /** Row i becomes the eigenvector of {@code diagonal[i]}. */
  private final double[][] vectors;

  /**
   * @param matrix symmetric, {@code [n][n]}; is destroyed
   */
  SymmetricEigen(double[][] matrix) {
    this.n = matrix.length;
    this.diagonal = new double[n];
    this.offDiagonal = new double[n];
    this.vectors = new double[n][n];
    reduce(matrix);
    diagonalize();
  }

  /** The eigenvalues, in no order. */
  double[] values() {
    return diagonal;
  }

  /** Row i is the unit eigenvector of value i. */
  double[][] vectors() {
    return vectors;
  }

  /** a = Qᵀ·T·Q with T tridiagonal; leaves Q in {@code vectors}. */
  private void reduce(double[][] a) {
    double[][] reflectors = new double[Math.max(0, n - 2)][];
    for (int column = 0; column < n - 2; column++) {
      reflectors[column] = eliminate(a, column);
    }
    for (int i = 0; i < n; i++) {
      diagonal[i] = a[i][i];
      vectors[i][i] = 1;
    }
    if (n > 1) {
      offDiagonal[n - 2] = a[n - 2][n - 1];
    }
    // Rows of Q are columns of the product of the reflections: apply them from the last on.
    for (int column = n - 3; column >= 0; column--) {
      reflect(reflectors[column], column + 1);
    }
    transpose(vectors);
  }

  /**
   * Reflects so that {@code column} is zero below its first entry under the diagonal: a ← H·a·H, H
   * = I − 2·v·vᵀ.
   *
   * @return v, zero up to {@code column}; null where there is nothing to do
   */
  private double[] eliminate(double[][] a, int column) {
    double scale = 0;
    for (int i = column + 1; i < n; i++) {
      scale = Math.max(scale, Math.abs(a[column][i]));
    }
    if (scale == 0) {
      offDiagonal[column] = 0;
      return null;
    }
    double[] v = new double[n];
    double norm = 0;
    for (int i = column + 1; i < n; i++) {
      v[i] = a[column][i] / scale;
      norm += v[i] * v[i];
    }
    norm = Math.sqrt(norm);
    double alpha = v[column + 1] > 0 ? -norm : norm;
    offDiagonal[column] = alpha * scale;
    v[column + 1] -= alpha;
    double length = Math.sqrt(2 * norm * (norm + Math.abs(v[column + 1] + alpha)));
    if (length == 0) {
      return null;
    }
    for (int i = column + 1; i < n; i++) {
      v[i] /= length;
    }
    // With p = a·v and w = p − (vᵀp)·v: H·a·H = a − 2·v·wᵀ − 2·w·vᵀ.
    double[] w = new double[n];
    for (int i = column + 1; i < n; i++) {
      addMultiple(w, v[i], a[i], column + 1);
    }
    double product = 0;
    for (int i = column + 1; i < n; i++) {
      product += v[i] * w[i];
    }
    addMultiple(w, -product, v, column + 1);
    for (int i = column + 1; i < n; i++) {
      addMultiple(a[i], -2 * v[i], w, column + 1);
      addMultiple(a[i], -2 * w[i], v, column + 1);
    }
    return v;
  }

  /** vectors ← H·vectors, for rows and columns from {@code from} on. */
  private void reflect(double[] v, int from) {
    if (v == null) {
      return;
    }
    double[] product = new double[n];
    for (int i = from; i < n; i++) {
      addMultiple(product, v[i], vectors[i], from);
    }
    for (int i = from; i < n; i++) {
      addMultiple(vectors[i], -2 * v[i], product, from);
    }
  }

  private static void addMultiple(double[] to, double factor, double[] row, int from) {
    for (int j = from; j < to.length; j++) {
      to[j] += factor * row[j];
    }
  }

  private static void transpose(double[][] a) {
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < i; j++) {
        double value = a[i][j];
        a[i][j] = a[j][i];
        a[j][i] = value;
      }
    }
  }

  /** QL steps on the tridiagonal form; every rotation of it turns two rows of the vectors. */
  private void diagonalize() {
    double scale = 0;
    for (int l = 0; l < n; l++) {
      int steps = 0;
      // What counts as nothing is relative to the largest entries so far, not to neighbours, which
      // of a matrix without full rank are noise themselves.
      scale = Math.max(scale, Math.abs(diagonal[l]) + Math.abs(offDiagonal[l]));
      for (int end = unreduced(l, scale); end > l; end = unreduced(l, scale)) {
        if (++steps > MAXIMUM_STEPS) {
          throw new ArithmeticException("no eigenvalues after " + MAXIMUM_STEPS + " QL steps");
        }
        step(l, end);
      }
    }
  }

  /** The first index from l on whose off-diagonal entry is negligible. */
  private int unreduced(int l, double scale) {
    int i = l;
    while (i < n - 1 && Math.abs(offDiagonal[i]) > Math.ulp(1.0) * scale) {
      i++;
    }
    return i;
  }

  private void step(int l, int end) {
    double g = (diagonal[l + 1] - diagonal[l]) / (2 * offDiagonal[l]);
    double r = Math.hypot(g, 1);
    // Wilkinson's shift.
    g = diagonal[end] - diagonal[l] + offDiagonal[l] / (g + Math.copySign(r, g));
    double sine = 1;
    double cosine = 1;
    double p = 0;
    for (int i = end - 1; i >= l; i--) {
      double f = sine * offDiagonal[i];
      double b = cosine * offDiagonal[i];
      r = Math.hypot(f, g);
      offDiagonal[i + 1] = r;
      if (r == 0) {
        diagonal[i + 1] -= p;
        offDiagonal[end] = 0;
        return;
      }
      sine = f / r;
      cosine = g / r;
      g = diagonal[i + 1] - p;
      r = (diagonal[i] - g) * sine + 2 * cosine * b;
      p = sine * r;
      diagonal[i + 1] = g + p;
      g = cosine * r - b;
      rotate(vectors[i], vectors[i + 1], cosine, sine);
    }
    diagonal[l] -= p;
    offDiagonal[l] = g;
    offDiagonal[end] = 0;
  }

  private static void rotate(double[] a, double[] b, double cosine, double sine) {
    for (int k = 0; k < a.length; k++) {
      double x = a[k];
      double y = b[k];
      b[k] = sine * x + cosine * y;
      a[k] = cosine * x - sine * y;
    }
  }
}
