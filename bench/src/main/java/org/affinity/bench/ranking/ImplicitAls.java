/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import java.util.Random;
import java.util.function.IntConsumer;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * Factors of implicit feedback by alternating least squares (Y. Hu, Y. Koren, C. Volinsky:
 * Collaborative Filtering for Implicit Feedback Datasets, ICDM 2008): a pair that is there is 1
 * with confidence 1 + alpha, every other is 0 with confidence 1.
 *
 * @param people one row for each person
 * @param items one row for each item
 */
record ImplicitAls(DMatrixRMaj people, DMatrixRMaj items) {

  /**
   * How to learn.
   *
   * @param lambda weight of the factors' squared lengths
   */
  record Settings(int dimension, double alpha, double lambda, int iterations, long seed) {}

  /**
   * Learns.
   *
   * @param liked by person, the numbers of the items
   * @param items how many there are
   * @param progress is told how many iterations are done
   */
  static ImplicitAls learn(int[][] liked, int items, Settings settings, IntConsumer progress) {
    int[][] likedBy = Likes.transpose(liked, items);
    Random random = new Random(settings.seed());
    DMatrixRMaj ofItems = new DMatrixRMaj(items, settings.dimension());
    for (int i = 0; i < ofItems.getNumElements(); i++) {
      ofItems.set(i, random.nextGaussian() / settings.dimension());
    }
    DMatrixRMaj ofPeople = new DMatrixRMaj(liked.length, settings.dimension());
    for (int iteration = 1; iteration <= settings.iterations(); iteration++) {
      solve(ofPeople, liked, ofItems, settings);
      solve(ofItems, likedBy, ofPeople, settings);
      progress.accept(iteration);
    }
    return new ImplicitAls(ofPeople, ofItems);
  }

  /** Sets each row to what fits best while the other side stays. */
  private static void solve(DMatrixRMaj rows, int[][] ones, DMatrixRMaj others, Settings settings) {
    int d = settings.dimension();
    DMatrixRMaj gram = new DMatrixRMaj(d, d);
    CommonOps_DDRM.multInner(others, gram);
    for (int i = 0; i < d; i++) {
      gram.add(i, i, settings.lambda());
    }
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(d);
    DMatrixRMaj left = new DMatrixRMaj(d, d);
    DMatrixRMaj right = new DMatrixRMaj(d, 1);
    DMatrixRMaj solution = new DMatrixRMaj(d, 1);
    for (int row = 0; row < ones.length; row++) {
      left.setTo(gram);
      right.zero();
      for (int other : ones[row]) {
        addOuterProduct(left, others, other, settings.alpha());
        for (int i = 0; i < d; i++) {
          right.data[i] += (1 + settings.alpha()) * others.data[other * d + i];
        }
      }
      if (!solver.setA(left)) {
        throw new IllegalStateException("lambda is too small: the matrix has no inverse");
      }
      solver.solve(right, solution);
      System.arraycopy(solution.data, 0, rows.data, row * d, d);
    }
  }

  private static void addOuterProduct(DMatrixRMaj to, DMatrixRMaj rows, int row, double weight) {
    int d = rows.getNumCols();
    for (int i = 0; i < d; i++) {
      double left = weight * rows.data[row * d + i];
      for (int j = 0; j < d; j++) {
        to.data[i * d + j] += left * rows.data[row * d + j];
      }
    }
  }

  /** A row as a vector. */
  static float[] vector(DMatrixRMaj rows, int row) {
    float[] vector = new float[rows.getNumCols()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) rows.get(row, i);
    }
    return vector;
  }
}
